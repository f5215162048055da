package org.onlooker.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sessions that have a connection, and those that lost theirs and may be resumed: for {@link
 * #RESUMABLE}, so many at once, with so many characters together; who left first goes first.
 */
final class Sessions {
  static final Duration RESUMABLE = Duration.ofSeconds(60);
  static final int KEPT_MAX = 64;
  private static final int KEPT_CHARS_MAX = 8 << 20;
  private static final long SWEEP_MILLIS = 500;
  private final Context context;
  private final SocketSession.Services services;
  private final InstantSource clock;
  private final Map<String, SocketSession> all = new HashMap<>();
  private final LinkedHashMap<SocketSession, Instant> kept = new LinkedHashMap<>();
  private final AtomicInteger count = new AtomicInteger();

  Sessions(Vertx vertx, SocketSession.Services services) {
    this.context = vertx.getOrCreateContext();
    this.services = services;
    this.clock = services.parts().clock();
    services
        .metrics()
        .gauge("onlooker.ws.sessions", "Sessions that are open or may be resumed", count);
    vertx.setPeriodic(SWEEP_MILLIS, ignored -> sweep());
  }

  SocketSession create() {
    SocketSession session = new SocketSession(context, services);
    all.put(session.id(), session);
    count.set(all.size());
    return session;
  }

  /** The session of that id; refuses when it is gone. */
  SocketSession find(String id) {
    return Optional.ofNullable(all.get(id))
        .orElseThrow(() -> gone("no session of that id is kept; one is for " + RESUMABLE.toSeconds()
            + " s after its connection has ended"));
  }

  static Problem gone(String reason) {
    return Problem.of(
        410,
        "session_gone",
        reason + ". This is a new session: subscribe again; ask again, or read the answers that "
            + "belong to a conversation at /api/v1/conversations/{id}");
  }

  /** Keeps a session whose connection has ended. */
  void keep(SocketSession session) {
    session.leave();
    kept.put(session, clock.instant());
    sweep();
  }

  /** A kept session, or one with a connection, gets a newer one. */
  void take(SocketSession session) {
    kept.remove(session);
  }

  void end(SocketSession session) {
    all.remove(session.id());
    kept.remove(session);
    count.set(all.size());
    session.end();
  }

  private void sweep() {
    Instant end = clock.instant().minus(RESUMABLE);
    long chars = kept.keySet().stream().mapToLong(SocketSession::chars).sum();
    for (var oldest : List.copyOf(kept.entrySet())) {
      boolean tooMuch = kept.size() > KEPT_MAX || chars > KEPT_CHARS_MAX;
      if (!tooMuch && oldest.getValue().isAfter(end)) {
        return;
      }
      chars -= oldest.getKey().chars();
      end(oldest.getKey());
    }
  }

  /** Tells all sessions that subscribed to that kind of a stream's events; from any thread. */
  void tell(String kind, String stream, ServerEvent event) {
    Loop.run(context, () -> {
      for (SocketSession session : List.copyOf(all.values())) {
        session.tell(kind, stream, event);
      }
    });
  }

  /** Ends them all, from any thread. */
  Future<Void> close() {
    Promise<Void> closed = Promise.promise();
    Loop.run(context, () -> {
      List.copyOf(all.values()).forEach(this::end);
      closed.complete();
    });
    return closed.future();
  }
}
