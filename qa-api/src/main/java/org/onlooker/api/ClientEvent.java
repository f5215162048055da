package org.onlooker.api;

import java.util.Arrays;
import java.util.Optional;

/** What a client may send over the WebSocket. */
enum ClientEvent {
  SESSION_UPDATE("session.update"),
  SESSION_RESUME("session.resume"),
  SUBSCRIBE("subscribe"),
  UNSUBSCRIBE("unsubscribe"),
  QUESTION_CREATE("question.create"),
  QUESTION_CANCEL("question.cancel"),
  PING("ping");

  private final String type;

  ClientEvent(String type) {
    this.type = type;
  }

  /** Its {@code type}. */
  String type() {
    return type;
  }

  static Optional<ClientEvent> of(String type) {
    return Arrays.stream(values()).filter(event -> event.type.equals(type)).findFirst();
  }
}
