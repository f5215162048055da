package org.onlooker.core;

import java.util.List;
import java.util.stream.IntStream;

/** Chooses few out of many so that they are evenly spread, each place rounded to the nearest. */
final class Evenly {
  private Evenly() {}

  /**
   * Rising indices below {@code count}, at most {@code limit}; the last one and the first are among
   * them, in this order of importance.
   */
  static IntStream indices(int count, int limit) {
    if (count <= limit) {
      return IntStream.range(0, count);
    }
    if (limit <= 1) {
      return limit == 1 ? IntStream.of(count - 1) : IntStream.empty();
    }
    double step = (count - 1) / (double) (limit - 1);
    return IntStream.range(0, limit).map(i -> (int) Math.round(i * step));
  }

  /** At most {@code limit} of all, in their order. */
  static <T> List<T> of(List<T> all, int limit) {
    return indices(all.size(), limit).<T>mapToObj(all::get).toList();
  }
}
