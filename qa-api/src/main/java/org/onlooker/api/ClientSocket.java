package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.ServerWebSocket;
import java.util.Objects;

/**
 * One WebSocket: reads a client's events and writes those of its session. Used on its event loop.
 *
 * <p>Whatever text a client sends, it gets an event back and keeps its connection. A client that
 * does not read is not read from either, once {@link #UNREAD_EVENTS_MAX} events wait for it.
 */
final class ClientSocket {
  static final int MESSAGE_CHARS_MAX = 64 * 1024;
  private static final int UNREAD_EVENTS_MAX = 64;
  private static final int WRITE_QUEUE_BYTES = 64 * 1024;

  /** Close code of a client that is done (RFC 6455, section 7.4.1): nobody will resume. */
  private static final short DONE = 1000;

  /** Close code; those from 4000 on are an application's own (RFC 6455, section 7.4.2). */
  private static final short REPLACED = 4409;

  /** Stands for bytes that are not UTF-8 once a frame has become text. */
  private static final char NOT_UTF8 = '\ufffd';

  private final ServerWebSocket connection;
  private final Sessions sessions;
  private SocketSession session;
  private boolean resumed;
  private boolean reading = true;

  ClientSocket(ServerWebSocket connection, Sessions sessions) {
    this.connection = connection;
    this.sessions = sessions;
    this.session = sessions.create();
    connection.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    connection.exceptionHandler(ignored -> {});
    connection.textMessageHandler(this::received);
    connection.binaryMessageHandler(ignored ->
        refuse(Problem.of(400, "malformed", "events are text, not binary"), Json.object()));
    session.begin(this);
  }

  ServerWebSocket connection() {
    return connection;
  }

  /** Closes it: its client has come back on a newer one. */
  void replaced() {
    connection.close(REPLACED, "the session was resumed on a newer connection");
  }

  /** It has closed, by whomever. */
  void closed() {
    if (!session.isOn(this)) {
      return;
    }
    if (Objects.equals(connection.closeStatusCode(), DONE)) {
      sessions.end(session);
    } else {
      sessions.keep(session);
    }
  }

  private void received(String text) {
    ObjectNode event = Json.object();
    try {
      if (text.length() > MESSAGE_CHARS_MAX) {
        throw Problem.of(
            413, "too_large", "an event may have " + MESSAGE_CHARS_MAX + " characters at most");
      }
      if (text.indexOf(NOT_UTF8) >= 0) {
        throw Problem.of(400, "malformed", "an event must be UTF-8");
      }
      event = Json.read(text);
      handle(event);
    } catch (RuntimeException e) {
      session.error(e, event);
    }
    stopReadingIfBehind();
  }

  private void refuse(Problem problem, ObjectNode event) {
    session.error(problem, event);
    stopReadingIfBehind();
  }

  private void handle(ObjectNode event) {
    Fields fields = new Fields(event);
    fields.optionalText("event_id", SocketSession.ID_LENGTH_MAX);
    String type = fields.text("type", SocketSession.ID_LENGTH_MAX);
    ClientEvent known = ClientEvent.of(type)
        .orElseThrow(() -> Problem.of(400, "unknown_event", "there is no event \"" + type + "\""));
    if (known == ClientEvent.SESSION_RESUME) {
      resume(fields);
    } else {
      session.handle(known, fields, event);
    }
  }

  /** Takes over an earlier session; once, so that nobody asks for the same events for ever. */
  private void resume(Fields fields) {
    String id = fields.text("session_id", SocketSession.ID_LENGTH_MAX);
    long lastSeq = fields.wholeNumber("last_seq");
    fields.end();
    if (resumed || session.hasAsked() || session.id().equals(id)) {
      throw Problem.of(
          409,
          "session_started",
          "this connection has resumed or asked already, or the session is its own; resume first "
              + "of all on a new connection");
    }
    SocketSession earlier = sessions.find(id);
    earlier.checkResume(lastSeq);
    sessions.end(session);
    session = earlier;
    resumed = true;
    sessions.take(earlier);
    earlier.resume(this, lastSeq);
  }

  void write(String text) {
    if (!connection.isClosed()) {
      connection.writeTextMessage(text);
    }
  }

  /** So many events wait still. */
  void relieved(int waiting) {
    if (!reading && waiting <= UNREAD_EVENTS_MAX) {
      reading = true;
      connection.resume();
    }
  }

  private void stopReadingIfBehind() {
    if (reading && session.waiting() > UNREAD_EVENTS_MAX) {
      reading = false;
      connection.pause();
    }
  }
}
