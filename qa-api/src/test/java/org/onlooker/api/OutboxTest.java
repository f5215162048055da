package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.api.ServerEvent.Kind;

class OutboxTest {
  private static final int ANSWER_CHARS_MAX = 2_000;
  private static final int COMMENTARY_CHARS_MAX = 20;
  private final Connection connection = new Connection();
  private final List<String> written = new ArrayList<>();
  private final List<Kind> dropped = new ArrayList<>();
  private final Outbox outbox = new Outbox(
      event -> written.add(shown(event)),
      dropped::add,
      new Outbox.Bounds(ANSWER_CHARS_MAX, COMMENTARY_CHARS_MAX, 3, 2));

  @BeforeEach
  void attach() {
    outbox.attach(connection);
  }

  @Test
  void events_ofAFastReader_goStraightThrough() {
    outbox.offer(delta("q", "one"));
    outbox.offer(event(Kind.STATS, "door", "stats"));

    assertThat(written).containsExactly("delta one", "stats");
    assertThat(outbox.size()).isZero();
  }

  @Test
  void slowReader_losesStatsAndOldStatesButNoWords() {
    connection.full = true;
    outbox.offer(delta("q", "one "));
    outbox.offer(event(Kind.STATS, "door", "stats"));
    outbox.offer(event(Kind.STATE, "door", "old"));
    outbox.offer(event(Kind.STATE, "gate", "other"));
    outbox.offer(delta("p", "uno "));
    outbox.offer(delta("q", "two"));
    outbox.offer(event(Kind.STATE, "door", "new"));
    outbox.offer(event(Kind.ANSWER_CITATION, "q", "citation"));
    outbox.offer(delta("q", " three"));
    outbox.offer(event(Kind.REPLY, "q", "done"));
    assertThat(written).isEmpty();

    connection.drain();

    assertThat(written)
        .containsExactly(
            "delta one two", "other", "delta uno ", "new", "citation", "delta  three", "done");
    assertThat(dropped).containsExactly(Kind.STATS, Kind.STATE);
  }

  @Test
  void answer_overTheBound_isLeftOutWholeUntilItsEnd() {
    connection.full = true;
    outbox.offer(delta("small", "kept"));
    for (int i = 0; i < 30 && dropped.isEmpty(); i++) {
      outbox.offer(delta("large", "x".repeat(100)));
    }
    connection.drain();
    outbox.offer(delta("large", "behind the hole"));
    outbox.offer(event(Kind.REPLY, "large", "done"));
    outbox.offer(delta("large", "the next of that name"));

    assertThat(written).containsExactly("delta kept", "done", "delta the next of that name");
    assertThat(dropped).containsOnly(Kind.ANSWER_DELTA).hasSize(3);
  }

  @Test
  void commentary_ofASlowReader_isJoinedThenLeftOutAndItsEndKept() {
    connection.full = true;
    outbox.offer(ServerEvent.commentaryDelta("r1", "door", "A cat "));
    outbox.offer(ServerEvent.commentaryDelta("r1", "door", "came in."));
    outbox.offer(ServerEvent.commentaryDelta("r2", "door", "A much longer sentence."));
    outbox.offer(ServerEvent.commentaryDone("r1", "door", Json.object()));
    outbox.offer(ServerEvent.commentaryDelta("r2", "door", "!"));
    outbox.offer(ServerEvent.commentaryDone("r2", "door", Json.object()));
    outbox.offer(delta("r2", "an answer's"));

    connection.drain();

    assertThat(written)
        .containsExactly(
            "commentary.delta A cat came in.",
            "commentary.done",
            "commentary.done",
            "delta an answer's");
    assertThat(dropped).containsOnly(Kind.COMMENTARY_DELTA).hasSize(2);
  }

  @Test
  void remarksAndStates_beyondTheirNumber_leaveTheOldestOut() {
    connection.full = true;
    for (int i = 0; i < 4; i++) {
      outbox.offer(event(Kind.STATE, "stream-" + i, "state " + i));
      outbox.offer(event(Kind.COMMENTARY_DONE, "r" + i, "remark " + i));
    }

    connection.drain();

    assertThat(written).containsExactly("state 1", "state 2", "remark 2", "state 3", "remark 3");
    assertThat(dropped).containsExactly(Kind.COMMENTARY_DONE, Kind.STATE, Kind.COMMENTARY_DONE);
  }

  @Test
  void events_withoutAConnection_waitForTheNext() {
    outbox.detach();
    outbox.offer(delta("q", "one "));
    outbox.offer(event(Kind.STATS, "door", "stats"));
    outbox.offer(delta("q", "two"));
    connection.drain(); // of the connection that was left
    assertThat(written).isEmpty();
    assertThat(outbox.chars()).isGreaterThan(7);

    outbox.attach(new Connection());

    assertThat(written).containsExactly("delta one two");
    assertThat(outbox.size()).isZero();
    assertThat(outbox.chars()).isZero();
  }

  @Test
  void connection_thatEndedBeforeAnybodyWasTold_keepsWhatComes() {
    connection.ended = true;
    outbox.offer(delta("q", "one"));
    assertThat(written).isEmpty();
    outbox.detach();
    outbox.attach(new Connection());
    assertThat(written).containsExactly("delta one");
  }

  @Test
  void bound_isFreeAgainAfterDraining() {
    for (int round = 0; round < 5; round++) {
      connection.full = true;
      for (int i = 0; i < 15; i++) {
        outbox.offer(delta("q", "x".repeat(100)));
      }
      connection.drain();
    }

    assertThat(dropped).isEmpty();
    assertThat(written).hasSize(5);
  }

  @Test
  void drain_stopsWhenTheConnectionIsFullAgain() {
    connection.full = true;
    outbox.offer(event(Kind.REPLY, "", "one"));
    outbox.offer(event(Kind.REPLY, "", "two"));
    connection.fullAfterWrites = 1;

    connection.drain();
    outbox.offer(event(Kind.REPLY, "", "three"));

    assertThat(written).containsExactly("one");
    connection.fullAfterWrites = Integer.MAX_VALUE;
    connection.drain();
    assertThat(written).containsExactly("one", "two", "three");
  }

  private static ServerEvent delta(String subject, String text) {
    return new ServerEvent(
        Kind.ANSWER_DELTA, subject, Json.object().put("type", "delta").put("text", text));
  }

  private static ServerEvent event(ServerEvent.Kind kind, String subject, String type) {
    return new ServerEvent(kind, subject, Json.object().put("type", type));
  }

  private String shown(ObjectNode event) {
    connection.writes++;
    return event.path("type").asText()
        + (event.has("text") ? " " + event.path("text").asText() : "");
  }

  /** A connection whose fullness a test decides. */
  private static final class Connection implements WriteStream<String> {
    private boolean full;
    private boolean ended;
    private int fullAfterWrites = Integer.MAX_VALUE;
    private int writes;
    private @Nullable Handler<Void> drained;

    void drain() {
      full = false;
      if (drained != null) {
        drained.handle(null);
      }
    }

    @Override
    public boolean writeQueueFull() {
      if (ended) {
        throw new IllegalStateException("WebSocket is closed");
      }
      return full || writes >= fullAfterWrites;
    }

    @Override
    public WriteStream<String> drainHandler(@Nullable Handler<Void> handler) {
      drained = handler;
      return this;
    }

    @Override
    public WriteStream<String> exceptionHandler(@Nullable Handler<Throwable> handler) {
      return this;
    }

    @Override
    public Future<Void> write(String data) {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
      return Future.succeededFuture();
    }

    @Override
    public WriteStream<String> setWriteQueueMaxSize(int size) {
      return this;
    }
  }
}
