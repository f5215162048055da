package org.onlooker.bench;

import java.time.Duration;
import java.util.Arrays;

/** How long before the question its newest evidence ended. */
enum Age {
  UNDER_5_SECONDS("0-5 s", Duration.ofSeconds(5)),
  UNDER_A_MINUTE("5-60 s", Duration.ofMinutes(1)),
  UNDER_10_MINUTES("1-10 min", Duration.ofMinutes(10)),
  UNDER_AN_HOUR("10-60 min", Duration.ofHours(1)),
  OVER_AN_HOUR("over 1 h", Duration.ofSeconds(Long.MAX_VALUE)),
  /** Of questions that rest on nothing seen: never, no, and what cannot be known. */
  NO_EVIDENCE("no evidence", Duration.ZERO);

  private final String label;
  private final Duration below;

  Age(String label, Duration below) {
    this.label = label;
    this.below = below;
  }

  static Age of(double seconds) {
    return Arrays.stream(values())
        .filter(age -> seconds < age.below.toSeconds())
        .findFirst()
        .orElse(OVER_AN_HOUR);
  }

  @Override
  public String toString() {
    return label;
  }
}
