package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.onlooker.core.Addresses;
import org.onlooker.core.Pace;
import org.onlooker.core.Span;
import org.onlooker.core.StreamChange;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Streams;

/** Streams: list, try, add, read, change, remove, forget a stretch of one. */
final class StreamRoutes {
  private static final String PATH = "/api/v1/streams";
  private static final int SOURCE_LENGTH_MAX = 2_048;
  private static final int PROMPT_LENGTH_MAX = 2_000;
  private static final int TRIALS_AT_ONCE = 2;
  private final Streams streams;
  private final Workers workers;
  private final Semaphore trials = new Semaphore(TRIALS_AT_ONCE);

  StreamRoutes(Streams streams, Workers workers) {
    this.streams = streams;
    this.workers = workers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH, this::list),
        Endpoint.post(PATH, this::add),
        Endpoint.get(PATH + "/{id}", this::read),
        Endpoint.patch(PATH + "/{id}", this::change),
        Endpoint.delete(PATH + "/{id}", this::remove),
        Endpoint.delete(PATH + "/{id}/memory", this::forget));
  }

  private void list(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    reply(ctx, 200, workers.run(streams::list).map(statuses -> {
      ObjectNode json = Json.object();
      ArrayNode documents = json.putArray("streams");
      statuses.forEach(status -> documents.add(StreamJson.document(status)));
      return json;
    }));
  }

  private void read(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    StreamId id = Replies.streamId(ctx);
    reply(
        ctx,
        200,
        workers
            .run(() -> streams.status(id))
            .map(status ->
                StreamJson.document(status.orElseThrow(() -> Problem.noStream(id.value())))));
  }

  private void add(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("dryRun"));
    StreamSpec spec = spec(ctx);
    if (Replies.flag(ctx, "dryRun")) {
      reply(ctx, 200, trial(() -> spec));
      return;
    }
    reply(ctx, 201, workers.run(() -> streams.add(spec)).map(status -> {
      ctx.response().putHeader(HttpHeaders.LOCATION, PATH + "/" + spec.id());
      return StreamJson.document(status);
    }));
  }

  private void change(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("dryRun"));
    StreamId id = Replies.streamId(ctx);
    StreamChange change = streamChange(ctx);
    if (Replies.flag(ctx, "dryRun")) {
      reply(
          ctx,
          200,
          trial(() -> change.of(
              streams.status(id).orElseThrow(() -> Problem.noStream(id.value())).spec())));
      return;
    }
    reply(ctx, 200, workers.run(() -> streams.change(id, change)).map(StreamJson::document));
  }

  /** A trial opens a source and may take seconds, so only a few run at once. */
  private Future<ObjectNode> trial(Supplier<StreamSpec> wanted) {
    if (!trials.tryAcquire()) {
      throw Problem.overloaded("other sources are being tried out; try again in a moment");
    }
    return workers
        .run(() -> {
          StreamSpec spec = wanted.get();
          ObjectNode json = Json.object()
              .put("id", spec.id().value())
              .put("source", Addresses.redacted(spec.source()));
          json.set("video", StreamJson.video(streams.tryOut(spec)));
          return json;
        })
        .onComplete(ignored -> trials.release());
  }

  private void remove(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("memory"));
    StreamId id = Replies.streamId(ctx);
    boolean memory = Replies.flag(ctx, "memory");
    workers
        .run(() -> {
          streams.remove(id, memory);
          return id;
        })
        .onSuccess(removed -> ctx.response().setStatusCode(204).end())
        .onFailure(ctx::fail);
  }

  private void forget(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("start", "end"));
    StreamId id = Replies.streamId(ctx);
    Span stretch = Replies.span(ctx);
    workers
        .run(() -> {
          streams.forget(id, stretch);
          return id;
        })
        .onSuccess(forgotten -> ctx.response().setStatusCode(204).end())
        .onFailure(ctx::fail);
  }

  private static StreamSpec spec(RoutingContext ctx) {
    Fields fields = Replies.fields(ctx);
    StreamId id = Replies.streamIdField(fields, "id");
    String source = fields.text("source", SOURCE_LENGTH_MAX);
    double fps = fields.optionalNumber("fps").orElse(StreamSpec.DEFAULT_FPS);
    Optional<String> prompt = fields.optionalText("prompt", PROMPT_LENGTH_MAX);
    Pace pace = fields.optionalText("pace", 16).map(StreamRoutes::pace).orElse(Pace.REALTIME);
    boolean loop = fields.flag("loop");
    fields.end();
    if (source.isBlank()) {
      throw Problem.field("source", "\"source\" is empty");
    }
    requireFps(fps);
    return new StreamSpec(id, source, fps, prompt, pace, loop);
  }

  private static void requireFps(double fps) {
    try {
      StreamSpec.requireFps(fps);
    } catch (IllegalArgumentException e) {
      throw Problem.field("fps", Optional.ofNullable(e.getMessage()).orElse("fps is wrong"));
    }
  }

  private static StreamChange streamChange(RoutingContext ctx) {
    Fields fields = Replies.fields(ctx);
    Optional<String> source = fields.optionalText("source", SOURCE_LENGTH_MAX);
    OptionalDouble fps = fields.optionalNumber("fps");
    Optional<String> prompt = fields.optionalText("prompt", PROMPT_LENGTH_MAX);
    fields.end();
    if (source.isEmpty() && fps.isEmpty() && prompt.isEmpty()) {
      throw Problem.field("source", "give what is to change: \"source\", \"fps\" or \"prompt\"");
    }
    if (source.filter(String::isBlank).isPresent()) {
      throw Problem.field("source", "\"source\" is empty");
    }
    fps.ifPresent(StreamRoutes::requireFps);
    return new StreamChange(source, fps, prompt);
  }

  private static Pace pace(String name) {
    for (Pace pace : Pace.values()) {
      if (pace.name().toLowerCase(Locale.ROOT).equals(name)) {
        return pace;
      }
    }
    throw Problem.field("pace", "\"pace\" must be realtime or fast");
  }

  private static void reply(RoutingContext ctx, int status, Future<ObjectNode> body) {
    body.onSuccess(json -> Replies.json(ctx, status, json)).onFailure(ctx::fail);
  }
}
