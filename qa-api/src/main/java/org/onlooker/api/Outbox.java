package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Consumer;

/**
 * What waits for one slow reader, bounded. Used on the connection's event loop only.
 *
 * <p>While the connection takes data, events go straight through. Once its write queue is full,
 * statistics are left out, a stream's newer state replaces the older, deltas of one answer are
 * joined, and an answer that still passes the bound is given up: its waiting text is dropped
 * and its owner is told, who ends it with a reason.
 */
final class Outbox {
  private static final int CITATION_CHARS = 512;
  private final WriteStream<?> connection;
  private final Consumer<ObjectNode> writer;
  private final Overload overload;
  private final int waitingCharsMax;
  private final ArrayDeque<ServerEvent> waiting = new ArrayDeque<>();
  private int waitingChars;

  /** Hears what was lost. */
  interface Overload {
    void statsDropped();

    void answerGivenUp(String subject);
  }

  /**
   * @param writer puts an event on {@code connection}
   * @param waitingCharsMax most characters of answers that wait
   */
  Outbox(
      WriteStream<?> connection,
      Consumer<ObjectNode> writer,
      Overload overload,
      int waitingCharsMax) {
    this.connection = connection;
    this.writer = writer;
    this.overload = overload;
    this.waitingCharsMax = waitingCharsMax;
    connection.drainHandler(ignored -> flush());
  }

  void offer(ServerEvent event) {
    if (waiting.isEmpty() && !connection.writeQueueFull()) {
      writer.accept(event.body());
      return;
    }
    switch (event.kind()) {
      case STATS -> overload.statsDropped();
      case STATE -> {
        waiting.removeIf(
            e -> e.kind() == ServerEvent.Kind.STATE && e.subject().equals(event.subject()));
        waiting.add(event);
      }
      case DELTA, CITATION -> addToAnswer(event);
      case REPLY -> waiting.add(event);
    }
  }

  /** Events that wait; a reader with many should not be read from either. */
  int size() {
    return waiting.size();
  }

  private void addToAnswer(ServerEvent event) {
    if (waitingChars + chars(event) > waitingCharsMax) {
      giveUp(event.subject());
      return;
    }
    waitingChars += chars(event);
    if (event.kind() != ServerEvent.Kind.DELTA || !joined(event)) {
      waiting.add(event);
    }
  }

  /** Appends the text to the answer's last waiting event, when that is a delta too. */
  private boolean joined(ServerEvent delta) {
    Iterator<ServerEvent> newestFirst = waiting.descendingIterator();
    while (newestFirst.hasNext()) {
      ServerEvent earlier = newestFirst.next();
      if (earlier.subject().equals(delta.subject())) {
        if (earlier.kind() != ServerEvent.Kind.DELTA) {
          return false;
        }
        earlier.body().put("text", text(earlier) + text(delta));
        return true;
      }
    }
    return false;
  }

  private void giveUp(String subject) {
    waiting.removeIf(event -> {
      boolean gone = event.subject().equals(subject)
          && (event.kind() == ServerEvent.Kind.DELTA || event.kind() == ServerEvent.Kind.CITATION);
      if (gone) {
        waitingChars -= chars(event);
      }
      return gone;
    });
    overload.answerGivenUp(subject);
  }

  private void flush() {
    while (!waiting.isEmpty() && !connection.writeQueueFull()) {
      ServerEvent event = waiting.remove();
      waitingChars -= chars(event);
      writer.accept(event.body());
    }
  }

  private static int chars(ServerEvent event) {
    return switch (event.kind()) {
      case DELTA -> text(event).length();
      case CITATION -> CITATION_CHARS;
      case STATS, STATE, REPLY -> 0;
    };
  }

  private static String text(ServerEvent delta) {
    return delta.body().path("text").asText();
  }
}
