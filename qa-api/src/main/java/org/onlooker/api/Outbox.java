package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.onlooker.api.ServerEvent.Kind;

/**
 * What waits for one slow reader, bounded. Used on the connection's event loop only.
 *
 * <p>While the connection takes data, events go straight through. Once its write queue is full, or
 * while there is no connection, statistics are left out, a stream's newer state replaces the older,
 * and deltas of one text are joined. A text that still passes its bound is left out from its start
 * to its end, so that nobody reads one with a hole; what ends it is kept, and holds it whole. All
 * that is left out is told to {@code dropped}.
 */
final class Outbox {
  private static final int CITATION_CHARS = 512;
  private static final int EVENT_CHARS = 1_024;
  private static final int LEFT_OUT_MAX = 64;
  private final Consumer<ObjectNode> writer;
  private final Consumer<Kind> dropped;
  private final Bounds bounds;
  private final ArrayDeque<ServerEvent> waiting = new ArrayDeque<>();
  private final Texts answers;
  private final Texts commentary;
  private Optional<WriteStream<?>> connection = Optional.empty();

  /**
   * The most that waits.
   *
   * @param answerChars characters of answers
   * @param commentaryChars characters of commentary that has not ended
   * @param states streams whose state waits
   * @param remarks ends of remarks
   */
  record Bounds(int answerChars, int commentaryChars, int states, int remarks) {
    static final Bounds DEFAULT = new Bounds(256 * 1024, 4 * 1024, 256, 64);
  }

  /** Texts of one kind: how much of them waits, and which are left out until their ends. */
  private static final class Texts {
    private final int charsMax;
    private final Set<String> leftOut = new LinkedHashSet<>();
    private int chars;

    Texts(int charsMax) {
      this.charsMax = charsMax;
    }

    void leaveOut(String subject) {
      leftOut.add(subject);
      if (leftOut.size() > LEFT_OUT_MAX) { // one whose end never came
        leftOut.remove(leftOut.iterator().next());
      }
    }
  }

  /**
   * @param writer puts an event on the connection
   * @param dropped hears of each event that is left out
   */
  Outbox(Consumer<ObjectNode> writer, Consumer<Kind> dropped, Bounds bounds) {
    this.writer = writer;
    this.dropped = dropped;
    this.bounds = bounds;
    this.answers = new Texts(bounds.answerChars());
    this.commentary = new Texts(bounds.commentaryChars());
  }

  /** Writes to a connection from now on, what waits first. */
  void attach(WriteStream<?> to) {
    connection = Optional.of(to);
    to.drainHandler(ignored -> {
      if (connection.filter(to::equals).isPresent()) {
        flush();
      }
    });
    flush();
  }

  /** Lets events wait until there is a connection again. */
  void detach() {
    connection = Optional.empty();
  }

  void offer(ServerEvent event) {
    Optional<Texts> texts = textsOf(event.kind());
    if (texts.isPresent() && texts.get().leftOut.contains(event.subject())) {
      dropped.accept(event.kind());
      return;
    }
    ended(event);
    if (waiting.isEmpty() && !isFull()) {
      writer.accept(event.body());
      return;
    }
    switch (event.kind()) {
      case STATS -> dropped.accept(Kind.STATS);
      case STATE -> {
        drop(e -> e.kind() == Kind.STATE && e.subject().equals(event.subject()));
        addNewest(event, bounds.states());
      }
      case COMMENTARY_DONE -> addNewest(event, bounds.remarks());
      case ANSWER_DELTA, ANSWER_CITATION, COMMENTARY_DELTA -> addText(texts.orElseThrow(), event);
      case REPLY -> waiting.add(event);
    }
  }

  /** Events that wait; a reader with many should not be read from either. */
  int size() {
    return waiting.size();
  }

  /** About how many characters wait. */
  int chars() {
    return answers.chars + commentary.chars + EVENT_CHARS * waiting.size();
  }

  private boolean isFull() {
    return connection.map(Outbox::isFull).orElse(true);
  }

  /** A connection that has ended says so here before its owner hears of it. */
  private static boolean isFull(WriteStream<?> to) {
    try {
      return to.writeQueueFull();
    } catch (IllegalStateException closed) {
      return true;
    }
  }

  private Optional<Texts> textsOf(Kind kind) {
    return switch (kind) {
      case ANSWER_DELTA, ANSWER_CITATION -> Optional.of(answers);
      case COMMENTARY_DELTA -> Optional.of(commentary);
      case STATS, STATE, COMMENTARY_DONE, REPLY -> Optional.empty();
    };
  }

  private void ended(ServerEvent event) {
    switch (event.kind()) {
      case REPLY -> answers.leftOut.remove(event.subject());
      case COMMENTARY_DONE -> commentary.leftOut.remove(event.subject());
      default -> {}
    }
  }

  /** Adds an event, of whose kind the oldest leaves when there are too many. */
  private void addNewest(ServerEvent event, int most) {
    waiting.add(event);
    long count = waiting.stream().filter(e -> e.kind() == event.kind()).count();
    if (count > most) {
      waiting.removeFirstOccurrence(
          waiting.stream().filter(e -> e.kind() == event.kind()).findFirst().orElseThrow());
      dropped.accept(event.kind());
    }
  }

  private void addText(Texts texts, ServerEvent event) {
    if (texts.chars + chars(event) > texts.charsMax) {
      texts.leaveOut(event.subject());
      drop(
          e -> textsOf(e.kind()).equals(Optional.of(texts)) && e.subject().equals(event.subject()));
      dropped.accept(event.kind());
      return;
    }
    texts.chars += chars(event);
    if (event.kind() == Kind.ANSWER_CITATION || !joined(event)) {
      waiting.add(event);
    }
  }

  /** Appends the text to the last waiting event about it, when that is a delta too. */
  private boolean joined(ServerEvent delta) {
    Iterator<ServerEvent> newestFirst = waiting.descendingIterator();
    while (newestFirst.hasNext()) {
      ServerEvent earlier = newestFirst.next();
      if (earlier.subject().equals(delta.subject())) {
        if (earlier.kind() != delta.kind()) {
          return false;
        }
        earlier.body().put("text", text(earlier) + text(delta));
        return true;
      }
    }
    return false;
  }

  private void drop(Predicate<ServerEvent> which) {
    waiting.removeIf(event -> {
      boolean gone = which.test(event);
      if (gone) {
        dropped.accept(event.kind());
        forgetChars(event);
      }
      return gone;
    });
  }

  private void flush() {
    while (!waiting.isEmpty() && !isFull()) {
      ServerEvent event = waiting.remove();
      forgetChars(event);
      writer.accept(event.body());
    }
  }

  private void forgetChars(ServerEvent event) {
    textsOf(event.kind()).ifPresent(texts -> texts.chars -= chars(event));
  }

  private static int chars(ServerEvent event) {
    return event.kind() == Kind.ANSWER_CITATION ? CITATION_CHARS : text(event).length();
  }

  private static String text(ServerEvent delta) {
    return delta.body().path("text").asText();
  }
}
