package org.onlooker.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The door to the WebSocket; behind it each connection has a {@link SocketSession}. */
final class QuestionSocket {
  /** Larger messages end the connection (RFC 6455, code 1009), so that nobody can fill memory. */
  static final int FRAME_BYTES_MAX = 256 * 1024;

  static final String SUB_PROTOCOL = "onlooker.v1";
  private static final int SOCKETS_MAX = 64;
  private final Vertx vertx;
  private final SocketSession.Services services;
  private final AtomicInteger sockets = new AtomicInteger();

  QuestionSocket(Vertx vertx, SocketSession.Services services) {
    this.vertx = vertx;
    this.services = services;
    services.metrics().gauge("onlooker.ws.clients", "Open WebSockets", sockets);
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/ws", this::open));
  }

  private void open(RoutingContext ctx) {
    if (!ctx.request().headers().contains(HttpHeaders.UPGRADE, HttpHeaders.WEBSOCKET, true)) {
      ctx.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      throw Problem.of(426, "upgrade_required", "this address speaks WebSocket only");
    }
    if (sockets.incrementAndGet() > SOCKETS_MAX) {
      sockets.decrementAndGet();
      throw Problem.overloaded(SOCKETS_MAX + " WebSockets are open already; close one");
    }
    ctx.request()
        .toWebSocket()
        .onSuccess(socket -> {
          SocketSession session = new SocketSession(socket, vertx.getOrCreateContext(), services);
          socket.closeHandler(ignored -> {
            sockets.decrementAndGet();
            session.closed();
          });
          session.open();
        })
        .onFailure(failure -> {
          sockets.decrementAndGet();
          ctx.fail(400, failure);
        });
  }
}
