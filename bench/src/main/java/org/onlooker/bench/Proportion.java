package org.onlooker.bench;

import java.util.Locale;

/** So many of so many, with the 95 % interval of Wilson (1927), which holds for small counts. */
record Proportion(int hits, int count) {
  private static final double Z = 1.959964;

  static final Proportion NONE = new Proportion(0, 0);

  Proportion and(boolean hit) {
    return new Proportion(hits + (hit ? 1 : 0), count + 1);
  }

  double value() {
    return count == 0 ? 0 : (double) hits / count;
  }

  double low() {
    return count == 0 ? 0 : Math.max(0, centre() - margin());
  }

  double high() {
    return count == 0 ? 1 : Math.min(1, centre() + margin());
  }

  private double centre() {
    return (value() + Z * Z / (2 * count)) / (1 + Z * Z / count);
  }

  private double margin() {
    double p = value();
    return Z / (1 + Z * Z / count) * Math.sqrt(p * (1 - p) / count + Z * Z / (4.0 * count * count));
  }

  /** {@code 0.93 [0.88, 0.96]}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f [%.2f, %.2f]", value(), low(), high());
  }
}
