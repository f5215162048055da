package org.onlooker.retrieval;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;

/**
 * The two clocks of a stream at the time of a question.
 *
 * @param now media time of the question
 * @param startTime wall time of media time 0
 * @param live whether people are told times of day; of a recording they are told positions
 */
record TimeFrame(Pts now, Instant startTime, boolean live, ZoneId zone) {
  private static final long TOLERANCE_MICROS = 1_500_000; // "at 1:23", asked at 1:22.6

  ZonedDateTime wallNow() {
    return startTime.plus(now.micros(), ChronoUnit.MICROS).atZone(zone);
  }

  Pts mediaTime(Instant wallTime) {
    return new Pts(Duration.between(startTime, wallTime).toNanos() / 1_000);
  }

  Instant wallTime(LocalDate date, LocalTime time) {
    return date.atTime(time).atZone(zone).toInstant();
  }

  /** Whether a moment lies in what was watched. */
  boolean contains(Pts moment) {
    return !moment.isBefore(Pts.ZERO) && moment.micros() <= now.micros() + TOLERANCE_MICROS;
  }

  Pts clamped(Pts moment) {
    return new Pts(Math.clamp(moment.micros(), 0, now.micros()));
  }

  /** The part of a stretch that was watched; empty when it lies before or after. */
  Span watched(Pts from, Pts to) {
    Pts start = clamped(from);
    Pts end = clamped(to);
    return new Span(start, end.isBefore(start) ? start : end);
  }

  Pts ago(Duration duration) {
    return now.plusMicros(-duration.toNanos() / 1_000);
  }
}
