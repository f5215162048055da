package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;

/** How much of something was used lately: a sum that fades, to 1/e in {@link #FADES}. */
final class RecentUse {
  static final Duration FADES = Duration.ofSeconds(5);

  private double seconds;
  private Instant asOf = Instant.EPOCH;

  void add(Duration used, Instant now) {
    seconds = seconds(now) + Math.max(0, used.toNanos() / 1e9);
    asOf = now;
  }

  /** For one who uses it all the time, {@link #FADES}. */
  double seconds(Instant now) {
    double passed = Math.max(0, Duration.between(asOf, now).toNanos());
    return seconds * Math.exp(-passed / FADES.toNanos());
  }
}
