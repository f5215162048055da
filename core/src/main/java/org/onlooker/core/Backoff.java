package org.onlooker.core;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waiting times between attempts: 0.25 s doubling to 2 s, each between half and all of it. */
final class Backoff {
  private static final long FIRST_MILLIS = 250;
  private static final long LONGEST_MILLIS = 2_000;

  private final RandomGenerator random;
  private long nextMillis = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long millis = nextMillis / 2 + random.nextLong(nextMillis / 2 + 1);
    nextMillis = Math.min(2 * nextMillis, LONGEST_MILLIS);
    return Duration.ofMillis(millis);
  }

  void reset() {
    nextMillis = FIRST_MILLIS;
  }
}
