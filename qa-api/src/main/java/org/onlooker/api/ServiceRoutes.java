package org.onlooker.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What operators ask: health, metrics and the description of the API. */
final class ServiceRoutes {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private final BooleanSupplier ready;
  private final Metrics metrics;
  private final ApiDocument openApi;
  private final ApiDocument asyncApi;
  private final Workers workers;

  ServiceRoutes(BooleanSupplier ready, Metrics metrics, String version, Workers workers) {
    this.ready = ready;
    this.metrics = metrics;
    this.openApi = new ApiDocument("openapi.json", version);
    this.asyncApi = new ApiDocument("asyncapi.json", version);
    this.workers = workers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get("/health/live", ctx -> health(ctx, true)),
        Endpoint.get("/health/ready", ctx -> health(ctx, ready.getAsBoolean())),
        Endpoint.get("/health/startup", ctx -> health(ctx, true)),
        Endpoint.get("/metrics", this::metrics),
        Endpoint.get("/openapi.json", ctx -> Replies.json(ctx, 200, openApi.document())),
        Endpoint.get("/asyncapi.json", ctx -> Replies.json(ctx, 200, asyncApi.document())));
  }

  private static void health(RoutingContext ctx, boolean well) {
    Replies.json(ctx, well ? 200 : 503, Json.object().put("status", well ? "ok" : "shutting_down"));
  }

  private void metrics(RoutingContext ctx) {
    workers
        .run(metrics::scrape)
        .onSuccess(text -> ctx.response()
            .putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .end(text))
        .onFailure(ctx::fail);
  }
}
