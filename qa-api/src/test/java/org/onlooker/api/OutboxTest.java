package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final int WAITING_CHARS_MAX = 2_000;
  private final Connection connection = new Connection();
  private final List<String> written = new ArrayList<>();
  private final List<String> givenUp = new ArrayList<>();
  private int statsDropped;
  private final Outbox outbox = new Outbox(
      connection,
      event -> written.add(shown(event)),
      new Outbox.Overload() {
        @Override
        public void statsDropped() {
          statsDropped++;
        }

        @Override
        public void answerGivenUp(String subject) {
          givenUp.add(subject);
        }
      },
      WAITING_CHARS_MAX);

  @Test
  void events_ofAFastReader_goStraightThrough() {
    outbox.offer(delta("q", "one"));
    outbox.offer(event(ServerEvent.Kind.STATS, "door", "stats"));

    assertThat(written).containsExactly("delta one", "stats");
    assertThat(outbox.size()).isZero();
  }

  @Test
  void slowReader_losesStatsAndOldStatesButNoWords() {
    connection.full = true;
    outbox.offer(delta("q", "one "));
    outbox.offer(event(ServerEvent.Kind.STATS, "door", "stats"));
    outbox.offer(event(ServerEvent.Kind.STATE, "door", "old"));
    outbox.offer(event(ServerEvent.Kind.STATE, "gate", "other"));
    outbox.offer(delta("p", "uno "));
    outbox.offer(delta("q", "two"));
    outbox.offer(event(ServerEvent.Kind.STATE, "door", "new"));
    outbox.offer(event(ServerEvent.Kind.CITATION, "q", "citation"));
    outbox.offer(delta("q", " three"));
    outbox.offer(event(ServerEvent.Kind.REPLY, "q", "done"));
    assertThat(written).isEmpty();

    connection.drain();

    assertThat(written)
        .containsExactly(
            "delta one two", "other", "delta uno ", "new", "citation", "delta  three", "done");
    assertThat(statsDropped).isEqualTo(1);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void answer_overTheBound_isGivenUpAndItsEndStillComes() {
    connection.full = true;
    outbox.offer(delta("small", "kept"));
    for (int i = 0; i < 30 && givenUp.isEmpty(); i++) {
      outbox.offer(delta("large", "x".repeat(100)));
    }
    outbox.offer(event(ServerEvent.Kind.REPLY, "large", "done"));

    connection.drain();

    assertThat(givenUp).containsExactly("large");
    assertThat(written).containsExactly("delta kept", "done");
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

    assertThat(givenUp).isEmpty();
    assertThat(written).hasSize(5);
  }

  @Test
  void drain_stopsWhenTheConnectionIsFullAgain() {
    connection.full = true;
    outbox.offer(event(ServerEvent.Kind.REPLY, "", "one"));
    outbox.offer(event(ServerEvent.Kind.REPLY, "", "two"));
    connection.fullAfterWrites = 1;

    connection.drain();
    outbox.offer(event(ServerEvent.Kind.REPLY, "", "three"));

    assertThat(written).containsExactly("one");
    connection.fullAfterWrites = Integer.MAX_VALUE;
    connection.drain();
    assertThat(written).containsExactly("one", "two", "three");
  }

  private static ServerEvent delta(String subject, String text) {
    return new ServerEvent(
        ServerEvent.Kind.DELTA, subject, Json.object().put("type", "delta").put("text", text));
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
