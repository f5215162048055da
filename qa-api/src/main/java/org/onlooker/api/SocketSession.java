package org.onlooker.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.onlooker.core.ModelCard;
import org.onlooker.core.Question;
import org.onlooker.core.StreamStatus;

/**
 * One client's dialogue: its questions, subscriptions and numbered events. It outlives its
 * connection. Used on its event loop only.
 *
 * <p>Life cycle: 1. {@link #begin} on the connection that it is made for; 2. {@link #leave} when
 * that ends: answers go on, what is to be told waits in the {@link Outbox}; 3. {@link #resume} on
 * another, which is first told again what it missed, then what waits; 2 and 3 again and again;
 * 4. {@link #end}, which stops its answers. {@link Sessions} decides when.
 */
final class SocketSession implements StreamFeed.Listener {
  private static final System.Logger LOG = System.getLogger(SocketSession.class.getName());
  static final int ID_LENGTH_MAX = 64;
  private static final int QUESTIONS_MAX = 4;
  private final String id = "ses_" + UUID.randomUUID().toString().replace("-", "");
  private final Context context;
  private final Services services;
  private final Numbering numbering = new Numbering();
  private final KeptEvents kept = new KeptEvents();
  private final Outbox outbox;
  private final Map<String, AnswerRelay> answers = new HashMap<>();
  private final Subscriptions subscriptions = new Subscriptions();
  private final ObjectNode defaults = Json.object();
  private Optional<ClientSocket> socket = Optional.empty();
  /** The admission of the newest question; the next waits for it, so that order is kept. */
  private Future<?> lastAsked = Future.succeededFuture();

  private boolean hasAsked;
  private boolean ended;

  /** What all sessions share. */
  record Services(
      Asking asking,
      AnswerJson documents,
      StreamFeed feed,
      Workers workers,
      Metrics metrics,
      Parts parts,
      String version) {}

  SocketSession(Context context, Services services) {
    this.context = context;
    this.services = services;
    this.outbox = new Outbox(this::write, services.metrics()::eventDropped, Outbox.Bounds.DEFAULT);
  }

  String id() {
    return id;
  }

  void begin(ClientSocket first) {
    socket = Optional.of(first);
    outbox.attach(first.connection());
    ModelCard card = services.parts().model();
    ObjectNode created = Json.object()
        .put("type", "session.created")
        .put("session_id", id)
        .put("resumable_seconds", Sessions.RESUMABLE.toSeconds())
        .put("version", services.version());
    created
        .putObject("model")
        .put("name", card.name())
        .put("domain", card.domain())
        .put("device", card.device());
    created
        .putObject("limits")
        .put("questions", QUESTIONS_MAX)
        .put("messageChars", ClientSocket.MESSAGE_CHARS_MAX);
    send(ServerEvent.reply(created));
  }

  /** Whether a connection's end concerns this session: it has no newer one. */
  boolean isOn(ClientSocket ending) {
    return socket.filter(ending::equals).isPresent();
  }

  void leave() {
    socket = Optional.empty();
    outbox.detach();
    services.feed().leave(this);
  }

  /**
   * Refuses a resume that would lose something.
   *
   * @param lastSeq number of the last event that the client has
   */
  void checkResume(long lastSeq) {
    if (lastSeq > kept.newest()) {
      throw Problem.field(
          "last_seq",
          "event " + lastSeq + " was never sent, the newest of that session is " + kept.newest());
    }
    if (lastSeq + 1 < kept.oldest()) {
      throw Sessions.gone("events " + (lastSeq + 1) + " to " + (kept.oldest() - 1)
          + " of that session are no longer kept");
    }
  }

  /** Goes on on another connection. The one before it, if it is still there, is closed. */
  void resume(ClientSocket newer, long lastSeq) {
    socket.ifPresent(ClientSocket::replaced);
    outbox.detach();
    socket = Optional.of(newer);
    List<String> missed = kept.after(lastSeq);
    missed.forEach(newer::write);
    write(Json.object()
        .put("type", "session.resumed")
        .put("session_id", id)
        .put("events", missed.size()));
    outbox.attach(newer.connection());
    if (!subscriptions.isEmpty()) {
      services.feed().join(this);
    }
    services.metrics().sessionResumed();
  }

  /** Stops its answers; nothing is told any more. */
  void end() {
    leave();
    ended = true;
    answers.values().forEach(AnswerRelay::cancel);
    answers.clear();
  }

  boolean hasAsked() {
    return hasAsked;
  }

  /** Events that wait for the connection. */
  int waiting() {
    return outbox.size();
  }

  /** About how many characters it holds. */
  int chars() {
    return kept.chars() + outbox.chars();
  }

  /** News for the subscriptions. */
  @Override
  public void streamsAre(List<StreamStatus> statuses, boolean stats) {
    subscriptions.news(statuses, stats).forEach(this::send);
  }

  /** An event of a stream, if it subscribed to such. */
  void tell(String kind, String stream, ServerEvent event) {
    if (subscriptions.wants(kind, stream)) {
      send(event.copy());
    }
  }

  /** Does what the client asks for; {@code session.resume} is its connection's. */
  void handle(ClientEvent type, Fields fields, ObjectNode event) {
    switch (type) {
      case PING -> {
        fields.end();
        send(ServerEvent.reply(Json.object().put("type", "pong")));
      }
      case SESSION_UPDATE -> update(fields, event);
      case QUESTION_CREATE -> create(event);
      case QUESTION_CANCEL -> cancel(fields);
      case SUBSCRIBE -> subscribe(fields, event);
      case UNSUBSCRIBE -> unsubscribe(fields);
      case SESSION_RESUME -> throw new IllegalStateException("a session does not resume itself");
    }
  }

  /** Sets what questions are taken to hold unless they say otherwise; null takes it back. */
  private void update(Fields fields, ObjectNode event) {
    QuestionRoutes.checkDefaults(fields);
    for (String name : QuestionRoutes.DEFAULTS) {
      JsonNode value = event.get(name);
      if (value != null && value.isNull()) {
        defaults.remove(name);
      } else if (value != null) {
        defaults.set(name, value);
      }
    }
    ObjectNode updated = Json.object().put("type", "session.updated");
    updated.set("defaults", defaults.deepCopy());
    send(ServerEvent.reply(updated));
  }

  private void create(ObjectNode event) {
    Fields fields = new Fields(defaults.deepCopy().setAll(event));
    fields.optionalText("event_id", ID_LENGTH_MAX);
    fields.text("type", ID_LENGTH_MAX);
    String question = fields.text("id", ID_LENGTH_MAX);
    Question asked = QuestionRoutes.question(fields, "text");
    if (answers.containsKey(question)) {
      throw Problem.of(409, "already_exists", "question \"" + question + "\" is being answered");
    }
    if (answers.size() >= QUESTIONS_MAX) {
      throw Problem.of(
          429,
          "too_many_questions",
          QUESTIONS_MAX + " questions of this session are being answered; wait for one");
    }
    hasAsked = true;
    AnswerRelay relay = new AnswerRelay(context, services.documents(), services.asking(), out -> {
      if (out.kind() == ServerEvent.Kind.REPLY) {
        answers.remove(question);
      }
      send(out);
    });
    answers.put(question, relay);
    Future<String> admitted = lastAsked.transform(any -> services.asking().ask(asked, relay));
    lastAsked = admitted;
    admitted
        .onSuccess(answerId -> {
          send(ServerEvent.reply(Json.object()
              .put("type", "question.accepted")
              .put("id", question)
              .put("answerId", answerId)));
          relay.accepted(answerId, question);
        })
        .onFailure(failure -> {
          answers.remove(question);
          error(failure, event);
        });
  }

  private void cancel(Fields fields) {
    String question = fields.text("id", ID_LENGTH_MAX);
    fields.end();
    AnswerRelay relay = answers.get(question);
    if (relay == null) {
      throw Problem.of(404, "not_found", "no question \"" + question + "\" is being answered");
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
          send(Subscriptions.changed("subscribed", stream, kinds));
          if (socket.isPresent()) {
            services.feed().join(this);
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
    send(Subscriptions.changed("unsubscribed", stream, kinds));
  }

  /** Tells what became of an event that cannot be taken. */
  void error(Throwable failure, ObjectNode causing) {
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
    if (!ended) {
      outbox.offer(event);
    }
  }

  private void write(ObjectNode event) {
    String text = Json.write(numbering.stamp(event));
    kept.add(event.path("seq").longValue(), text);
    socket.ifPresent(to -> {
      to.write(text);
      to.relieved(outbox.size());
    });
  }
}
