package org.onlooker.api;

import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.onlooker.core.StreamStatus;
import org.onlooker.core.Streams;

/** Reads the streams' status at intervals for the sessions that subscribed. One event loop. */
final class StreamFeed {
  private static final long TICK_MILLIS = 500;
  private static final int TICKS_PER_STATS = 2;
  private final Streams streams;
  private final Workers workers;
  private final Set<SocketSession> sessions = new HashSet<>();
  private boolean reading;
  private long ticks;

  StreamFeed(Vertx vertx, Streams streams, Workers workers) {
    this.streams = streams;
    this.workers = workers;
    vertx.setPeriodic(TICK_MILLIS, ignored -> tick());
  }

  void join(SocketSession session) {
    sessions.add(session);
  }

  void leave(SocketSession session) {
    sessions.remove(session);
  }

  private void tick() {
    ticks++;
    if (sessions.isEmpty() || reading) {
      return;
    }
    reading = true;
    boolean stats = ticks % TICKS_PER_STATS == 0;
    workers
        .run(streams::list)
        .onSuccess(statuses -> tell(statuses, stats))
        .onComplete(ignored -> reading = false);
  }

  private void tell(List<StreamStatus> statuses, boolean stats) {
    for (SocketSession session : List.copyOf(sessions)) {
      session.streamsAre(statuses, stats);
    }
  }
}
