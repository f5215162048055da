package org.onlooker.api;

import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamStatus;
import org.onlooker.core.Streams;

/** Reads the streams' status at intervals for all who listen. Used on the event loop only. */
final class StreamFeed {
  private static final long TICK_MILLIS = 500;
  private static final int TICKS_PER_SECOND = 2;
  private final Streams streams;
  private final Workers workers;
  private final Set<Listener> listeners = new HashSet<>();
  private boolean reading;
  private long ticks;

  /** Hears how the streams are. */
  interface Listener {
    /** @param second whether a second has passed since it was last true */
    void streamsAre(List<StreamStatus> statuses, boolean second);
  }

  StreamFeed(Vertx vertx, Streams streams, Workers workers) {
    this.streams = streams;
    this.workers = workers;
    vertx.setPeriodic(TICK_MILLIS, ignored -> tick());
  }

  /** Tells {@code listener} how the streams are, now and from now on. */
  void join(Listener listener) {
    listeners.add(listener);
    workers.run(streams::list).onSuccess(statuses -> {
      if (listeners.contains(listener)) {
        listener.streamsAre(statuses, true);
      }
    });
  }

  void leave(Listener listener) {
    listeners.remove(listener);
  }

  /** The status of one of the streams. */
  static Optional<StreamStatus> of(StreamId id, List<StreamStatus> statuses) {
    return statuses.stream().filter(status -> status.spec().id().equals(id)).findFirst();
  }

  private void tick() {
    ticks++;
    if (listeners.isEmpty() || reading) {
      return;
    }
    reading = true;
    boolean second = ticks % TICKS_PER_SECOND == 0;
    workers
        .run(streams::list)
        .onSuccess(statuses -> tell(statuses, second))
        .onComplete(ignored -> reading = false);
  }

  private void tell(List<StreamStatus> statuses, boolean second) {
    for (Listener listener : List.copyOf(listeners)) {
      if (listeners.contains(listener)) {
        listener.streamsAre(statuses, second);
      }
    }
  }
}
