package org.onlooker.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Lets WebSockets of one kind in, so many at once. */
final class SocketDoor {
  /** Larger messages end the connection (RFC 6455, code 1009), so that nobody can fill memory. */
  static final int FRAME_BYTES_MAX = 256 * 1024;

  static final String SUB_PROTOCOL = "onlooker.v1";
  private final AtomicInteger open = new AtomicInteger();
  private final int most;
  private final String kind;

  /** @param kind of socket, for people: "live pictures" */
  SocketDoor(int most, String kind) {
    this.most = most;
    this.kind = kind;
  }

  /** How many are open, for a gauge. */
  AtomicInteger count() {
    return open;
  }

  /** @param session what to begin with a new socket; gives what to run when it has closed */
  void open(RoutingContext ctx, Function<ServerWebSocket, Runnable> session) {
    if (!ctx.request().headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      ctx.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      throw Problem.of(426, "upgrade_required", "this address speaks WebSocket only");
    }
    if (open.incrementAndGet() > most) {
      open.decrementAndGet();
      throw Problem.overloaded(most + " " + kind + " are open already; close one");
    }
    ctx.request()
        .toWebSocket()
        .onSuccess(socket -> {
          Runnable closed = session.apply(socket);
          socket.closeHandler(ignored -> {
            open.decrementAndGet();
            closed.run();
          });
        })
        .onFailure(failure -> {
          open.decrementAndGet();
          ctx.fail(400, failure);
        });
  }
}
