package org.onlooker.core;

import java.time.Instant;

/**
 * What Onlooker said of a stream on its own.
 *
 * @param clip the newest clip that it knew, or the one that was coming; no two remarks of a stream
 *     have the same
 * @param span the moment that it is about, not longer than {@link #MICROS_MAX}
 * @param startTime wall clock of the span's start, UTC
 * @param saidAt wall clock of its last word, UTC
 */
public record Remark(
    ClipKey clip, Span span, Instant startTime, Kind kind, String text, Instant saidAt) {
  /** Longest moment that a remark may be about. */
  public static final long MICROS_MAX = 60_000_000;

  /** What made Onlooker speak. */
  public enum Kind {
    /** Something came, left or happened. */
    CHANGE,
    /** Nothing had changed for long. */
    SUMMARY
  }

  public Remark {
    if (span.micros() > MICROS_MAX) {
      throw new IllegalArgumentException("remark of clip " + clip + " is about " + span);
    }
  }

  public StreamId stream() {
    return clip.stream();
  }
}
