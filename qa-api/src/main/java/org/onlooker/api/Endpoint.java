package org.onlooker.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * One call that the server answers.
 *
 * @param path as in the OpenAPI document, parameters in braces
 */
record Endpoint(HttpMethod method, String path, Handler<RoutingContext> handler) {
  static Endpoint get(String path, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.GET, path, handler);
  }

  static Endpoint post(String path, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.POST, path, handler);
  }

  static Endpoint patch(String path, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.PATCH, path, handler);
  }

  static Endpoint delete(String path, Handler<RoutingContext> handler) {
    return new Endpoint(HttpMethod.DELETE, path, handler);
  }

  boolean takesBody() {
    return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PATCH);
  }

  /** The path in the router's own form. */
  String routerPath() {
    return path.replaceAll("\\{(\\w+)}", ":$1");
  }
}
