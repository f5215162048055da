package org.onlooker.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;

/**
 * Closes a WebSocket whose other side is gone without a word, as a laptop that was shut is: it is
 * asked now and then (ping, RFC 6455, section 5.5.2), which clients answer by themselves. Used on
 * the connection's event loop.
 */
final class Heartbeat {
  /** Three of these without an answer are the end. */
  static final Duration EVERY = Duration.ofSeconds(20);

  private static final int UNANSWERED_MAX = 3;

  /** Close code; those from 4000 on are an application's own (RFC 6455, section 7.4.2). */
  private static final short SILENT = 4408;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final long timer;
  private int unanswered;

  Heartbeat(Vertx vertx, ServerWebSocket socket, Duration every) {
    this.vertx = vertx;
    this.socket = socket;
    socket.pongHandler(ignored -> unanswered = 0);
    this.timer = vertx.setPeriodic(every.toMillis(), ignored -> beat());
  }

  private void beat() {
    if (socket.isClosed()) {
      stop();
    } else if (unanswered == UNANSWERED_MAX) {
      stop();
      socket.close(SILENT, "no answer to " + UNANSWERED_MAX + " pings");
    } else {
      unanswered++;
      socket.writePing(Buffer.buffer());
    }
  }

  /** The connection has ended. */
  void stop() {
    vertx.cancelTimer(timer);
  }
}
