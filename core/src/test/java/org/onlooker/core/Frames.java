package org.onlooker.core;

import java.time.Instant;

/** Frames without content for the clocks' and queues' tests. */
final class Frames {
  static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final Picture DOT = new Picture(1, 1, new byte[3]);
  private static final Jpeg JPEG = new Jpeg(new byte[0]);

  private Frames() {}

  /** A frame with source time {@code sourceSeconds} that comes {@code wallSeconds} after START. */
  static Frame frame(double sourceSeconds, double wallSeconds) {
    Instant wall = START.plusNanos(Math.round(wallSeconds * 1e9));
    return new Frame(Pts.ofSeconds(sourceSeconds), wall, DOT, JPEG, JPEG);
  }

  static Frame frame(double seconds) {
    return frame(seconds, seconds);
  }
}
