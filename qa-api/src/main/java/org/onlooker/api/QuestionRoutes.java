package org.onlooker.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.onlooker.core.Answer;
import org.onlooker.core.AnswerListener;
import org.onlooker.core.Citation;
import org.onlooker.core.ConversationId;
import org.onlooker.core.Question;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** Questions: answered as one document, or as server-sent events while they are decoded. */
final class QuestionRoutes {
  private static final int TEXT_LENGTH_MAX = 2_000;
  private static final int POLICY_LENGTH_MAX = 64;
  private static final int ID_LENGTH_MAX = 256;

  /** Fields of a question that a session may hold for all of its questions. */
  static final Set<String> DEFAULTS = Set.of("stream", "conversation", "policy");

  /** Asks for a conversation that the server names. */
  private static final String FRESH = "new";

  private final Vertx vertx;
  private final Asking asking;
  private final AnswerJson documents;
  private final Metrics metrics;

  QuestionRoutes(Vertx vertx, Asking asking, AnswerJson documents, Metrics metrics) {
    this.vertx = vertx;
    this.asking = asking;
    this.documents = documents;
    this.metrics = metrics;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.post("/api/v1/questions", this::ask));
  }

  private void ask(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    Question question = question(Replies.fields(ctx), "question");
    String accept =
        Optional.ofNullable(ctx.request().getHeader(HttpHeaders.ACCEPT)).orElse("");
    if (accept.contains("text/event-stream")) {
      new EventStream(vertx.getOrCreateContext(), ctx, asking, metrics).answer(question, documents);
    } else {
      answerWhole(ctx, question);
    }
  }

  /**
   * The question that a body or a WebSocket event asks; refuses fields that are left.
   *
   * @param textField what the question itself is called there
   */
  static Question question(Fields fields, String textField) {
    StreamId stream = Replies.streamIdField(fields, "stream");
    String text = fields.text(textField, TEXT_LENGTH_MAX);
    Optional<Instant> asOf = fields.optionalTime("asOf");
    Optional<String> policy = fields.optionalText("policy", POLICY_LENGTH_MAX);
    List<Span> spans = fields.optionalSpans("spans", Question.SPANS_MAX);
    Optional<ConversationId> conversation =
        fields.optionalText("conversation", ID_LENGTH_MAX).map(QuestionRoutes::conversation);
    fields.end();
    if (text.isBlank()) {
      throw Problem.field(textField, "the question is empty");
    }
    Question question = new Question(stream, text, asOf, policy).restingOn(spans);
    return conversation.map(question::in).orElse(question);
  }

  /** Refuses {@link #DEFAULTS} that no question could have, and other fields; null is taken. */
  static void checkDefaults(Fields fields) {
    if (fields.has("stream")) {
      Replies.streamIdField(fields, "stream");
    }
    fields.optionalText("policy", POLICY_LENGTH_MAX);
    fields.optionalText("conversation", ID_LENGTH_MAX).ifPresent(QuestionRoutes::conversation);
    fields.end();
  }

  private static ConversationId conversation(String name) {
    try {
      return name.equals(FRESH) ? ConversationId.fresh() : new ConversationId(name);
    } catch (IllegalArgumentException e) {
      throw Problem.field(
          "conversation", Optional.ofNullable(e.getMessage()).orElse("not a conversation id"));
    }
  }

  private void answerWhole(RoutingContext ctx, Question question) {
    Whole whole = new Whole(ctx);
    ctx.response().closeHandler(ignored -> whole.clientLeft());
    asking.ask(question, whole).onSuccess(whole::asked).onFailure(ctx::fail);
  }

  /** An answer of which only the end is told; a client that leaves stops it. */
  private final class Whole implements AnswerListener {
    private final RoutingContext ctx;
    private final Context loop = vertx.getOrCreateContext();
    private final AtomicReference<String> id = new AtomicReference<>("");
    private final AtomicBoolean left = new AtomicBoolean();

    Whole(RoutingContext ctx) {
      this.ctx = ctx;
    }

    void asked(String answerId) {
      id.set(answerId);
      if (left.get()) {
        asking.cancel(answerId);
      }
    }

    void clientLeft() {
      left.set(true);
      asking.cancel(id.get());
    }

    @Override
    public void delta(String text) {}

    @Override
    public void citation(Citation citation) {}

    @Override
    public void done(Answer answer) {
      var document = documents.answer(answer);
      Loop.run(loop, () -> {
        if (!ctx.response().closed()) {
          Replies.json(ctx, 200, document);
        }
      });
    }
  }
}
