package org.onlooker.api;

import java.util.List;

/** The door to the WebSocket; behind it each connection is a {@link ClientSocket}. */
final class QuestionSocket {
  private static final int SOCKETS_MAX = 64;
  private final Sessions sessions;
  private final Places places = new Places(SOCKETS_MAX, "WebSockets");
  private final SocketDoor door = new SocketDoor(places);

  QuestionSocket(Sessions sessions, Metrics metrics) {
    this.sessions = sessions;
    metrics.gauge("onlooker.ws.clients", "Open WebSockets", places.taken());
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get(
        "/api/v1/ws", ctx -> door.open(ctx, socket -> new ClientSocket(socket, sessions)::closed)));
  }
}
