package org.onlooker.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/** Lets WebSockets of one kind in, so many at once. */
final class SocketDoor {
  /** Larger messages end the connection (RFC 6455, code 1009), so that nobody can fill memory. */
  static final int FRAME_BYTES_MAX = 256 * 1024;

  static final String SUB_PROTOCOL = "onlooker.v1";
  private final Places places;

  /** @param places one for each socket */
  SocketDoor(Places places) {
    this.places = places;
  }

  /** @param session what to begin with a new socket; gives what to run when it has closed */
  void open(RoutingContext ctx, Function<ServerWebSocket, Runnable> session) {
    if (!ctx.request().headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      ctx.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      throw Problem.of(426, "upgrade_required", "this address speaks WebSocket only");
    }
    places.take();
    ctx.request()
        .toWebSocket()
        .onSuccess(socket -> {
          Runnable closed = session.apply(socket);
          Heartbeat heartbeat = new Heartbeat(ctx.vertx(), socket, Heartbeat.EVERY);
          socket.closeHandler(ignored -> {
            heartbeat.stop();
            try {
              closed.run();
            } finally {
              places.leave();
            }
          });
        })
        .onFailure(failure -> {
          places.leave();
          ctx.fail(400, failure);
        });
  }
}
