package org.onlooker.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Two things measured turn by turn, so that what else the machine does weighs on both. */
final class PairedRuns {
  private final List<Double> values = new ArrayList<>();
  private final List<Double> references = new ArrayList<>();

  void add(double value, double reference) {
    values.add(value);
    references.add(reference);
  }

  /** Medians of the runs, and the median of the ratios of the pairs. */
  Figure figure(String bench, String name, String unit, String with, Optional<Double> goal) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ratios.add(values.get(i) / references.get(i));
    }
    return new Figure(
        bench, name, median(values), unit, with, median(references), median(ratios), goal);
  }

  private static double median(List<Double> numbers) {
    List<Double> sorted = new ArrayList<>(numbers);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
