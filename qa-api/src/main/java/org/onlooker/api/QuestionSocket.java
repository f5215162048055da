package org.onlooker.api;

import io.vertx.core.Vertx;
import java.util.List;

/** The door to the WebSocket; behind it each connection has a {@link SocketSession}. */
final class QuestionSocket {
  private static final int SOCKETS_MAX = 64;
  private final Vertx vertx;
  private final SocketSession.Services services;
  private final Places places = new Places(SOCKETS_MAX, "WebSockets");
  private final SocketDoor door = new SocketDoor(places);

  QuestionSocket(Vertx vertx, SocketSession.Services services) {
    this.vertx = vertx;
    this.services = services;
    services.metrics().gauge("onlooker.ws.clients", "Open WebSockets", places.taken());
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get(
        "/api/v1/ws",
        ctx -> door.open(ctx, socket -> {
          SocketSession session = new SocketSession(socket, vertx.getOrCreateContext(), services);
          session.open();
          return session::closed;
        })));
  }
}
