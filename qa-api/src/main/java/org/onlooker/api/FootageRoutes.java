package org.onlooker.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
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

  /** Of a file to be kept, which is asked for by a person and not by a player. */
  private static final long DOWNLOAD_SECONDS_MAX = 14_400;

  /** A long cut reads and writes gigabytes; moments that are looked at go beside it. */
  private static final int DOWNLOADS_MAX = 1;

  private static final String CONTENT_RANGE = "Content-Range";
  private static final long SENDING_MILLIS_MAX = 600_000;

  /** A client that takes less than 256 KB/s of a long file is given up. */
  private static final long BYTES_PER_MILLI_MIN = 256;

  private static final DateTimeFormatter BY_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss", Locale.ROOT);

  private final Vertx vertx;
  private final Streams streams;
  private final Segments segments;
  private final Workers workers;
  private final Semaphore files = new Semaphore(FILES_MAX);
  private final Semaphore downloads = new Semaphore(DOWNLOADS_MAX);

  /** What is asked for. */
  private record Wanted(StreamId stream, Span span, boolean download) {}

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
    Replies.onlyParameters(ctx, Set.of("start", "end", "download"));
    Wanted wanted = wanted(ctx);
    take(wanted);
    workers
        .run(() -> cut(wanted.stream(), wanted.span()))
        .onSuccess(footage -> send(ctx, footage, wanted))
        .onFailure(failure -> {
          release(wanted);
          ctx.fail(failure);
        });
  }

  private static Wanted wanted(RoutingContext ctx) {
    StreamId id = Replies.streamId(ctx);
    boolean download = Replies.parameter(ctx, "download").filter("1"::equals).isPresent()
        || Replies.flag(ctx, "download");
    Span span = Replies.span(ctx);
    long secondsMax = download ? DOWNLOAD_SECONDS_MAX : SECONDS_MAX;
    if (span.end().micros() - span.start().micros() > secondsMax * 1_000_000) {
      throw Problem.field(
          "end",
          "at most " + secondsMax + " seconds are given at once"
              + (download ? "" : ", with download=1 " + DOWNLOAD_SECONDS_MAX)
              + "; ask for less");
    }
    return new Wanted(id, span, download);
  }

  private void take(Wanted wanted) {
    if (!files.tryAcquire()) {
      throw Problem.overloaded(FILES_MAX + " clips are being sent; close one");
    }
    if (wanted.download() && !downloads.tryAcquire()) {
      files.release();
      throw Problem.overloaded("another download is being made; try again when it is done");
    }
  }

  private void release(Wanted wanted) {
    files.release();
    if (wanted.download()) {
      downloads.release();
    }
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

  private void send(RoutingContext ctx, Footage footage, Wanted wanted) {
    try {
      ByteRange part = head(ctx, footage, wanted);
      HttpServerResponse response = ctx.response();
      long timer = vertx.setTimer(
          Math.max(SENDING_MILLIS_MAX, part.length() / BYTES_PER_MILLI_MIN),
          late -> ctx.request().connection().close());
      response.sendFile(footage.file().toString(), part.start(), part.length()).onComplete(sent -> {
        vertx.cancelTimer(timer);
        discard(footage, wanted);
      });
    } catch (RuntimeException e) {
      discard(footage, wanted);
      ctx.fail(e);
    }
  }

  /** Writes the headers; returns the bytes that are to follow. */
  private ByteRange head(RoutingContext ctx, Footage footage, Wanted wanted) {
    Span shown = footage.span();
    boolean isFinal = shown.equals(wanted.span());
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "video/mp4")
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.ETAG, etag(footage))
        .putHeader(HttpHeaders.CACHE_CONTROL, isFinal ? "private, max-age=3600" : "no-store")
        .putHeader("Content-Disposition", disposition(wanted, shown))
        .putHeader("Onlooker-Start", text(shown.start()))
        .putHeader("Onlooker-End", text(shown.end()));
    return part(ctx, footage);
  }

  /** A file to be kept is named by the time that its first picture shows. */
  private String disposition(Wanted wanted, Span shown) {
    if (!wanted.download()) {
      return "inline; filename=\"" + wanted.stream() + "-" + text(shown.start()) + ".mp4\"";
    }
    String time = streams
        .status(wanted.stream())
        .map(status -> status.startTime().plusNanos(shown.start().micros() * 1_000))
        .map(start -> BY_TIME.format(start.atZone(ZoneId.systemDefault())))
        .orElseGet(() -> text(shown.start()));
    return "attachment; filename=\"" + wanted.stream() + "_" + time + ".mp4\"";
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

  private void discard(Footage footage, Wanted wanted) {
    workers
        .run(() -> {
          footage.close();
          return footage;
        })
        .onComplete(deleted -> release(wanted));
  }

  private static String text(Pts pts) {
    return Json.seconds(pts).toPlainString();
  }
}
