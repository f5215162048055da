package org.onlooker.api;

import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;

/**
 * The query parameters {@code from} and {@code to}: each a time as in RFC 3339, or, where it is
 * about one stream, seconds of media time; each may be left out.
 */
record TimeRange(Optional<Bound> from, Optional<Bound> to) {
  /** One end. */
  sealed interface Bound {
    record At(Instant time) implements Bound {}

    record Media(Pts pts) implements Bound {}

    /** @param startTime wall time of a stream's media time 0 */
    default Pts on(Instant startTime) {
      return switch (this) {
        case At at ->
          at.time().isBefore(startTime)
              ? Pts.ZERO
              : new Pts(Duration.between(startTime, at.time()).toNanos() / 1_000);
        case Media media -> media.pts();
      };
    }
  }

  /** @throws Problem where one cannot be read, or {@code to} is not after {@code from} */
  static TimeRange of(RoutingContext ctx, boolean ofOneStream) {
    TimeRange range = new TimeRange(bound(ctx, "from", ofOneStream), bound(ctx, "to", ofOneStream));
    if (range.from().isPresent() && range.to().isPresent() && range.isBackwards()) {
      throw Problem.field("to", "\"to\" must be after \"from\"");
    }
    return range;
  }

  private boolean isBackwards() {
    return switch (from.orElseThrow()) {
      case Bound.At first ->
        to.orElseThrow() instanceof Bound.At last && !first.time().isBefore(last.time());
      case Bound.Media first ->
        to.orElseThrow() instanceof Bound.Media last && !first.pts().isBefore(last.pts());
    };
  }

  private static Optional<Bound> bound(RoutingContext ctx, String name, boolean ofOneStream) {
    return Replies.parameter(ctx, name).map(text -> {
      if (!text.contains("T")) {
        return media(text, name, ofOneStream);
      }
      try {
        return new Bound.At(OffsetDateTime.parse(text).toInstant());
      } catch (DateTimeException e) {
        throw Problem.field(
            name,
            "\"" + name + "\" must be a time as in RFC 3339, like 2026-11-21T14:05:00Z"
                + (ofOneStream ? ", or seconds of media time" : ""));
      }
    });
  }

  private static Bound media(String text, String name, boolean ofOneStream) {
    if (!ofOneStream) {
      throw Problem.field(
          name,
          "\"" + name + "\" must be a time as in RFC 3339, like 2026-11-21T14:05:00Z; seconds of "
              + "media time are taken with \"stream\" only");
    }
    return new Bound.Media(Replies.seconds(text, name));
  }

  /** The stretch of a stream; empty where it ends before the stream began. */
  Span on(Instant startTime) {
    Pts start = from.map(bound -> bound.on(startTime)).orElse(Span.ALL.start());
    Pts end = to.map(bound -> bound.on(startTime)).orElse(Span.ALL.end());
    return new Span(start, end.isBefore(start) ? start : end);
  }
}
