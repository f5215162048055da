package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.onlooker.core.ModelCard;

/** How Onlooker itself fares, in the few figures that people look at; metrics have them all. */
final class SystemRoutes {
  private final Parts parts;
  private final Metrics metrics;
  private final Workers workers;
  private final String version;

  SystemRoutes(Parts parts, Metrics metrics, Workers workers, String version) {
    this.parts = parts;
    this.metrics = metrics;
    this.workers = workers;
    this.version = version;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/api/v1/system", this::system), Endpoint.get("/api/v1/models", this::models));
  }

  private void system(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    workers
        .run(this::document)
        .onSuccess(json -> Replies.json(ctx, 200, json))
        .onFailure(ctx::fail);
  }

  private ObjectNode document() {
    long started = ManagementFactory.getRuntimeMXBean().getStartTime();
    ObjectNode json = Json.object()
        .put("version", version)
        .put("startTime", Json.time(Instant.ofEpochMilli(started)));
    json.putObject("storage")
        .put("memoryBytes", parts.store().bytes())
        .put("videoBytes", parts.segments().bytes());
    metrics.describeAnswers(json);
    return json;
  }

  private void models(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    ModelCard card = parts.model();
    ObjectNode json = Json.object();
    json.putArray("models")
        .addObject()
        .put("name", card.name())
        .put("domain", card.domain())
        .put("device", card.device())
        .put("fingerprint", card.fingerprint())
        .put("contextTokens", card.contextTokens())
        .put("contextClips", card.contextClips());
    Replies.json(ctx, 200, json);
  }
}
