package org.onlooker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.onlooker.core.ModelCard;
import org.onlooker.core.Question;
import org.onlooker.core.StreamStatus;

/**
 * One WebSocket: events in, events out. Used on its event loop only.
 *
 * <p>Whatever text a client sends, it gets an event back and keeps its connection. A client that
 * does not read is not read from either, once {@link #UNREAD_EVENTS_MAX} events wait for it.
 */
final class SocketSession implements Outbox.Overload {
  private static final System.Logger LOG = System.getLogger(SocketSession.class.getName());
  private static final int MESSAGE_CHARS_MAX = 64 * 1024;
  private static final int QUESTIONS_MAX = 4;
  private static final int ID_LENGTH_MAX = 64;
  private static final int UNREAD_EVENTS_MAX = 64;
  private static final int WRITE_QUEUE_BYTES = 64 * 1024;
  private final ServerWebSocket socket;
  private final Context context;
  private final Services services;
  private final Numbering numbering = new Numbering();
  private final Outbox outbox;
  private final Map<String, AnswerRelay> answers = new HashMap<>();
  private final Subscriptions subscriptions = new Subscriptions();
  /** The admission of the newest question; the next waits for it, so that order is kept. */
  private Future<?> lastAsked = Future.succeededFuture();

  private boolean reading = true;
  private boolean closed;

  /** What all sessions share. */
  record Services(
      Asking asking,
      AnswerJson documents,
      StreamFeed feed,
      Workers workers,
      Metrics metrics,
      Parts parts,
      String version) {}

  SocketSession(ServerWebSocket socket, Context context, Services services) {
    this.socket = socket;
    this.context = context;
    this.services = services;
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    this.outbox = new Outbox(socket, this::write, this, EventStream.WAITING_CHARS_MAX);
  }

  void open() {
    ModelCard card = services.parts().model();
    ObjectNode created = Json.object()
        .put("type", "session.created")
        .put("session_id", numbering.sessionId())
        .put("version", services.version());
    created
        .putObject("model")
        .put("name", card.name())
        .put("domain", card.domain())
        .put("device", card.device());
    created
        .putObject("limits")
        .put("questions", QUESTIONS_MAX)
        .put("messageChars", MESSAGE_CHARS_MAX);
    send(ServerEvent.reply(created));
    socket.exceptionHandler(ignored -> {});
    socket.textMessageHandler(this::received);
    socket.binaryMessageHandler(ignored ->
        error(Problem.of(400, "malformed", "events are text, not binary"), Json.object()));
  }

  void closed() {
    closed = true;
    services.feed().leave(this);
    answers.values().forEach(AnswerRelay::cancel);
    answers.clear();
  }

  /** News for the subscriptions. */
  void streamsAre(List<StreamStatus> statuses, boolean stats) {
    subscriptions.news(statuses, stats).forEach(this::send);
  }

  private void received(String text) {
    ObjectNode event = Json.object();
    try {
      if (text.length() > MESSAGE_CHARS_MAX) {
        throw Problem.of(
            413, "too_large", "an event may have " + MESSAGE_CHARS_MAX + " characters at most");
      }
      event = Json.read(text);
      handle(event);
    } catch (RuntimeException e) {
      error(e, event);
    }
    if (reading && outbox.size() > UNREAD_EVENTS_MAX) {
      reading = false;
      socket.pause();
    }
  }

  private void handle(ObjectNode event) {
    Fields fields = new Fields(event);
    fields.optionalText("event_id", ID_LENGTH_MAX);
    String type = fields.text("type", ID_LENGTH_MAX);
    switch (type) {
      case "ping" -> {
        fields.end();
        send(ServerEvent.reply(Json.object().put("type", "pong")));
      }
      case "question.create" -> create(fields, event);
      case "question.cancel" -> cancel(fields);
      case "subscribe" -> subscribe(fields, event);
      case "unsubscribe" -> unsubscribe(fields);
      default -> throw Problem.of(400, "unknown_event", "there is no event \"" + type + "\"");
    }
  }

  private void create(Fields fields, ObjectNode event) {
    String id = fields.text("id", ID_LENGTH_MAX);
    Question question = QuestionRoutes.question(fields, "text");
    if (answers.containsKey(id)) {
      throw Problem.of(409, "already_exists", "question \"" + id + "\" is being answered");
    }
    if (answers.size() >= QUESTIONS_MAX) {
      throw Problem.of(
          429,
          "too_many_questions",
          QUESTIONS_MAX + " questions of this connection are being answered; wait for one");
    }
    AnswerRelay relay = new AnswerRelay(context, services.documents(), services.asking(), out -> {
      if (out.kind() == ServerEvent.Kind.REPLY) {
        answers.remove(id);
      }
      send(out);
    });
    answers.put(id, relay);
    Future<String> asked = lastAsked.transform(any -> services.asking().ask(question, relay));
    lastAsked = asked;
    asked
        .onSuccess(answerId -> {
          send(ServerEvent.reply(Json.object()
              .put("type", "question.accepted")
              .put("id", id)
              .put("answerId", answerId)));
          relay.accepted(answerId, id);
        })
        .onFailure(failure -> {
          answers.remove(id);
          error(failure, event);
        });
  }

  private void cancel(Fields fields) {
    String id = fields.text("id", ID_LENGTH_MAX);
    fields.end();
    AnswerRelay relay = answers.get(id);
    if (relay == null) {
      throw Problem.of(404, "not_found", "no question \"" + id + "\" is being answered");
    }
    relay.cancel();
  }

  private void subscribe(Fields fields, ObjectNode event) {
    String stream = fields.text("stream", ID_LENGTH_MAX);
    List<String> kinds = fields.choices("kinds", Subscriptions.KINDS);
    fields.end();
    services
        .workers()
        .run(services.parts().streams()::list)
        .map(statuses -> {
          boolean known = stream.equals(Subscriptions.ALL)
              || statuses.stream().anyMatch(s -> s.spec().id().value().equals(stream));
          if (!known) {
            throw Problem.noStream(stream);
          }
          subscriptions.add(stream, kinds);
          if (!closed) {
            services.feed().join(this);
            streamsAre(statuses, true);
          }
          return stream;
        })
        .onFailure(failure -> error(failure, event));
  }

  private void unsubscribe(Fields fields) {
    String stream = fields.text("stream", ID_LENGTH_MAX);
    List<String> kinds = fields.choices("kinds", Subscriptions.KINDS);
    fields.end();
    subscriptions.remove(stream, kinds);
    if (subscriptions.isEmpty()) {
      services.feed().leave(this);
    }
  }

  private void error(Throwable failure, ObjectNode causing) {
    Optional<Problem> told = Problem.from(failure);
    if (told.isEmpty()) {
      LOG.log(System.Logger.Level.ERROR, "a WebSocket event failed", failure);
    }
    Problem problem = told.orElseGet(Problem::internal);
    ObjectNode error = Json.object()
        .put("type", "error")
        .put("code", problem.code())
        .put("message", problem.message());
    problem.param().ifPresent(param -> error.put("param", param));
    ObjectNode cause = error.putObject("cause");
    for (String name : List.of("type", "id", "event_id")) {
      JsonNode value = causing.path(name);
      if (value.isTextual() && value.textValue().length() <= ID_LENGTH_MAX) {
        cause.put(name, value.textValue());
      }
    }
    send(ServerEvent.reply(error));
  }

  private void send(ServerEvent event) {
    if (!closed) {
      outbox.offer(event);
    }
  }

  private void write(ObjectNode event) {
    socket.writeTextMessage(Json.write(numbering.stamp(event)));
    if (!reading && outbox.size() <= UNREAD_EVENTS_MAX) {
      reading = true;
      socket.resume();
    }
  }

  @Override
  public void statsDropped() {
    services.metrics().statsDropped();
  }

  @Override
  public void answerGivenUp(String id) {
    services.metrics().slowReader();
    AnswerRelay relay = answers.get(id);
    if (relay != null) {
      relay.giveUp("the connection was too slow for the answer");
    }
  }
}
