package org.onlooker.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import org.onlooker.core.Jpeg;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** The forms that requests and replies of all routes share. */
final class Replies {
  private static final System.Logger LOG = System.getLogger(Replies.class.getName());

  /** Seconds of media time, far beyond any. */
  private static final double TIME_MAX = 1e9;

  /** Seconds after which a refused client may try again. */
  static final int RETRY_SECONDS = 2;

  private Replies() {}

  static void json(RoutingContext ctx, int status, JsonNode body) {
    ctx.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Json.write(body));
  }

  static void jpeg(RoutingContext ctx, Jpeg picture, String cacheControl) {
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "image/jpeg")
        .putHeader(HttpHeaders.CACHE_CONTROL, cacheControl)
        .end(Buffer.buffer(picture.bytes()));
  }

  /** The last word on every request that failed. */
  static void failure(RoutingContext ctx) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (response.headWritten()) {
      ctx.request().connection().close();
      return;
    }
    Problem problem = problem(ctx);
    if (problem.status() == 503) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
    }
    if (problem.status() == 413) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
    }
    json(ctx, problem.status(), problem.json());
  }

  private static Problem problem(RoutingContext ctx) {
    if (ctx.statusCode() == 413) {
      return Problem.of(
          413, "too_large", "the body is larger than " + ApiRouter.BODY_BYTES_MAX + " bytes");
    }
    Throwable failure = ctx.failure();
    Optional<Problem> told = failure == null ? Optional.empty() : Problem.from(failure);
    return told.orElseGet(() -> {
      if (ctx.statusCode() >= 400 && ctx.statusCode() < 500) {
        return Problem.of(ctx.statusCode(), "bad_request", "the request cannot be read");
      }
      LOG.log(
          System.Logger.Level.ERROR,
          ctx.request().method() + " " + ctx.request().path() + " failed",
          failure);
      return Problem.internal();
    });
  }

  /** The stream named in the path. */
  static StreamId streamId(RoutingContext ctx) {
    return streamId(ctx.pathParam("id"));
  }

  /** @throws Problem that there is no such stream, where it cannot be a stream's id */
  static StreamId streamId(String id) {
    try {
      return new StreamId(id);
    } catch (IllegalArgumentException e) {
      throw Problem.noStream(id.length() <= 63 ? id : id.substring(0, 63));
    }
  }

  /** The fields of the JSON body. */
  static Fields fields(RoutingContext ctx) {
    return new Fields(Json.read(Optional.ofNullable(ctx.body().asString()).orElse("")));
  }

  /** Refuses a body with fields; it may be left out. */
  static void noFields(RoutingContext ctx) {
    if (ctx.body().length() > 0) {
      fields(ctx).end();
    }
  }

  /** A field of the body that names a stream. */
  static StreamId streamIdField(Fields fields, String name) {
    String id = fields.text(name, 256);
    try {
      return new StreamId(id);
    } catch (IllegalArgumentException e) {
      throw Problem.field(name, Optional.ofNullable(e.getMessage()).orElse("not a stream id"));
    }
  }

  /** Refuses query parameters that the call does not know. */
  static void onlyParameters(RoutingContext ctx, Set<String> known) {
    for (String name : ctx.queryParams().names()) {
      if (!known.contains(name)) {
        throw Problem.field(
            name,
            "\"" + name + "\" is not a parameter here; known are "
                + known.stream().sorted().toList());
      }
    }
  }

  static Optional<String> parameter(RoutingContext ctx, String name) {
    return Optional.ofNullable(ctx.queryParams().get(name));
  }

  /** The query parameter {@code limit}. */
  static int limit(RoutingContext ctx, int absent, int most) {
    int limit = parameter(ctx, "limit").map(Replies::number).orElse(absent);
    if (limit < 1 || limit > most) {
      throw Problem.field("limit", "\"limit\" must be a whole number from 1 to " + most);
    }
    return limit;
  }

  /** 0, which is out of range, for what is no number. */
  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** A true-or-false query parameter; false when absent. */
  static boolean flag(RoutingContext ctx, String name) {
    return switch (Optional.ofNullable(ctx.queryParams().get(name)).orElse("false")) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw Problem.field(name, "\"" + name + "\" must be true or false");
    };
  }

  /** The stretch that {@code start} and {@code end} name, in seconds of media time. */
  static Span span(RoutingContext ctx) {
    Pts start = seconds(ctx, "start");
    Pts end = seconds(ctx, "end");
    if (!start.isBefore(end)) {
      throw Problem.field("end", "\"end\" must be after \"start\"");
    }
    return new Span(start, end);
  }

  private static Pts seconds(RoutingContext ctx, String name) {
    return seconds(
        parameter(ctx, name)
            .orElseThrow(
                () -> Problem.field(name, "\"" + name + "\" is missing: seconds of media time")),
        name);
  }

  /** Seconds of media time that the query parameter {@code name} holds. */
  static Pts seconds(String text, String name) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && seconds <= TIME_MAX) {
        return Pts.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // told below, with the range
    }
    throw Problem.field(name, "\"" + name + "\" must be seconds of media time, like 12.5");
  }
}
