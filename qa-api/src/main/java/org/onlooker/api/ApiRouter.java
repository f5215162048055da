package org.onlooker.api;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Puts the endpoints behind the guard, and a precise refusal behind each of them. */
final class ApiRouter {
  static final int BODY_BYTES_MAX = 64 * 1024;

  private ApiRouter() {}

  static Router build(
      Vertx vertx, Guard guard, List<Endpoint> endpoints, Handler<RoutingContext> page) {
    Router router = Router.router(vertx);
    router.route().handler(guard).failureHandler(Replies::failure);
    Map<String, TreeSet<String>> methodsByPath = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      Route route = router.route(endpoint.method(), endpoint.routerPath());
      if (endpoint.takesBody()) {
        route.handler(BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX));
      }
      route.handler(endpoint.handler());
      TreeSet<String> methods =
          methodsByPath.computeIfAbsent(endpoint.routerPath(), path -> new TreeSet<>());
      methods.add(endpoint.method().name());
    }
    methodsByPath.forEach((path, methods) -> router.route(path).handler(ctx -> {
      String allowed = String.join(", ", methods);
      ctx.response().putHeader(HttpHeaders.ALLOW, allowed);
      throw Problem.of(
          405,
          "method_not_allowed",
          ctx.request().method() + " does not work on " + ctx.request().path() + "; allowed: "
              + allowed);
    }));
    router.get("/*").handler(page);
    router.route().handler(ctx -> {
      throw Problem.of(
          404, "not_found", "there is nothing at " + shown(ctx.request().path()));
    });
    return router;
  }

  private static String shown(String path) {
    return path.length() <= 200 ? path : path.substring(0, 200);
  }
}
