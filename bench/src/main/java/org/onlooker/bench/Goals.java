package org.onlooker.bench;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/** The accuracies to reach with the embedded pack on streams of its world (docs/benchmarks.md). */
final class Goals {
  /** Most of what can be known that may be declined. */
  static final double DECLINED_MAX = 0.03;

  private static final Map<String, Double> BY_TASK = Map.ofEntries(
      entry("now", 0.95),
      entry("first_seen", 0.90),
      entry("last_seen", 0.90),
      entry("all_times", 0.90),
      entry("count_now", 0.85),
      entry("count_different", 0.85),
      entry("how_often", 0.85),
      entry("before", 0.85),
      entry("after", 0.85),
      entry("motion", 0.85),
      entry("color", 0.85),
      entry("shape", 0.85),
      entry("sign", 0.85),
      entry("unknowable", 0.90));
  private static final Map<Age, Double> BY_AGE =
      Map.of(Age.UNDER_10_MINUTES, 0.90, Age.OVER_AN_HOUR, 0.85);

  private Goals() {}

  /** The least accuracy of a whole task, or of an age over all tasks. */
  static Optional<Double> of(Row row) {
    if (row.task().isPresent() && row.age().isPresent()) {
      return Optional.empty();
    }
    return row.task().map(BY_TASK::get).or(() -> row.age().map(BY_AGE::get));
  }
}
