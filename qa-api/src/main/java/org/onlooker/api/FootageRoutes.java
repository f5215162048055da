package org.onlooker.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.onlooker.core.Footage;
import org.onlooker.core.Pts;
import org.onlooker.core.Segments;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.Streams;

/**
 * What a source sent, as a file that plays.
 *
 * <p>Each request cuts a file of its own, also one for a part of it: the bytes are the same as long
 * as the ETag is. The file is deleted once it is sent, or its client has taken too long.
 */
final class FootageRoutes {
  /** A browser asks for several parts at once, and leaves them open. */
  private static final int FILES_MAX = 16;

  private static final long SECONDS_MAX = 300;
  private static final String CONTENT_RANGE = "Content-Range";
  private static final long SENDING_MILLIS_MAX = 600_000;

  private final Vertx vertx;
  private final Streams streams;
  private final Segments segments;
  private final Workers workers;
  private final Semaphore files = new Semaphore(FILES_MAX);

  FootageRoutes(Vertx vertx, Streams streams, Segments segments, Workers workers) {
    this.vertx = vertx;
    this.streams = streams;
    this.segments = segments;
    this.workers = workers;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/streams/{id}/clip.mp4", this::clip));
  }

  private void clip(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("start", "end"));
    StreamId id = Replies.streamId(ctx);
    Span asked = asked(ctx);
    if (!files.tryAcquire()) {
      throw Problem.overloaded(FILES_MAX + " clips are being sent; close one");
    }
    workers
        .run(() -> cut(id, asked))
        .onSuccess(footage -> send(ctx, id, footage, asked))
        .onFailure(failure -> {
          files.release();
          ctx.fail(failure);
        });
  }

  private static Span asked(RoutingContext ctx) {
    Span span = Replies.span(ctx);
    if (span.end().micros() - span.start().micros() > SECONDS_MAX * 1_000_000) {
      throw Problem.field(
          "end", "at most " + SECONDS_MAX + " seconds are given at once; ask for less");
    }
    return span;
  }

  private Footage cut(StreamId id, Span asked) {
    if (streams.status(id).isEmpty()) {
      throw Problem.noStream(id.value());
    }
    return segments.cut(id, asked).orElseThrow(() -> {
      String why = segments.recording(id).reason().map(reason -> ": " + reason).orElse("");
      return Problem.of(
          404,
          "not_recorded",
          "nothing of \"" + id + "\" is recorded from " + text(asked.start()) + " to "
              + text(asked.end()) + why);
    });
  }

  private void send(RoutingContext ctx, StreamId id, Footage footage, Span asked) {
    try {
      ByteRange part = head(ctx, id, footage, asked);
      HttpServerResponse response = ctx.response();
      long timer =
          vertx.setTimer(SENDING_MILLIS_MAX, late -> ctx.request().connection().close());
      response.sendFile(footage.file().toString(), part.start(), part.length()).onComplete(sent -> {
        vertx.cancelTimer(timer);
        discard(footage);
      });
    } catch (RuntimeException e) {
      discard(footage);
      ctx.fail(e);
    }
  }

  /** Writes the headers; returns the bytes that are to follow. */
  private static ByteRange head(RoutingContext ctx, StreamId id, Footage footage, Span asked) {
    Span shown = footage.span();
    boolean isFinal = shown.equals(asked);
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "video/mp4")
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.ETAG, etag(footage))
        .putHeader(HttpHeaders.CACHE_CONTROL, isFinal ? "private, max-age=3600" : "no-store")
        .putHeader(
            "Content-Disposition",
            "inline; filename=\"" + id + "-" + text(shown.start()) + ".mp4\"")
        .putHeader("Onlooker-Start", text(shown.start()))
        .putHeader("Onlooker-End", text(shown.end()));
    return part(ctx, footage);
  }

  private static String etag(Footage footage) {
    Span shown = footage.span();
    return "\"" + shown.start().micros() + "-" + shown.end().micros() + "-" + footage.bytes()
        + "\"";
  }

  private static ByteRange part(RoutingContext ctx, Footage footage) {
    long length = footage.bytes();
    String range = Optional.ofNullable(ctx.request().getHeader("Range")).orElse("");
    String expected = Optional.ofNullable(ctx.request().getHeader("If-Range")).orElse("");
    if (!expected.isEmpty() && !expected.equals(etag(footage))) {
      return new ByteRange(0, length - 1);
    }
    HttpServerResponse response = ctx.response();
    response.putHeader(CONTENT_RANGE, "bytes */" + length); // what a refusal says
    Optional<ByteRange> part = ByteRange.of(range, length);
    part.ifPresentOrElse(
        p -> response
            .setStatusCode(206)
            .putHeader(CONTENT_RANGE, "bytes " + p.start() + "-" + p.end() + "/" + length),
        () -> response.headers().remove(CONTENT_RANGE));
    return part.orElse(new ByteRange(0, length - 1));
  }

  private void discard(Footage footage) {
    workers
        .run(() -> {
          footage.close();
          return footage;
        })
        .onComplete(deleted -> files.release());
  }

  private static String text(Pts pts) {
    return Json.seconds(pts).toPlainString();
  }
}
