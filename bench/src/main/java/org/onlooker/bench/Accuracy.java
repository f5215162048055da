package org.onlooker.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A share of right answers, or a mean of such shares, with its 95 % interval.
 *
 * @param count questions it was measured on
 */
record Accuracy(double value, double low, double high, int count) {
  static final Accuracy NONE = new Accuracy(0, 0, 1, 0);

  static Accuracy of(Proportion p) {
    return new Accuracy(p.value(), p.low(), p.high(), p.count());
  }

  /**
   * Balanced accuracy of yes and no: the mean of the two shares, so that a constant answer gets one
   * half whatever the questions; where one of the two was never asked, the share of the other.
   */
  static Accuracy balanced(Proportion yes, Proportion no, int count) {
    if (yes.count() == 0 || no.count() == 0) {
      return of(yes.count() == 0 ? no : yes);
    }
    Accuracy mean = mean(List.of(of(yes), of(no)), part -> 1);
    return new Accuracy(mean.value(), mean.low(), mean.high(), count);
  }

  /** The mean over several tasks, each with the weight of its questions. */
  static Accuracy overall(List<Accuracy> tasks) {
    return tasks.stream().allMatch(task -> task.count() == 0) ? NONE : mean(tasks, Accuracy::count);
  }

  /**
   * The interval of a weighted mean from those of its parts: their distances to the estimate are
   * added as squares (Zou and Donner, 2008, "Construction of confidence intervals about effect
   * measures: a general approach").
   */
  private static Accuracy mean(List<Accuracy> parts, ToDoubleFunction<Accuracy> weight) {
    double all = parts.stream().mapToDouble(weight).sum();
    double value = 0;
    double below = 0;
    double above = 0;
    int count = 0;
    for (Accuracy part : parts) {
      double share = weight.applyAsDouble(part) / all;
      value += share * part.value;
      below += Math.pow(share * (part.value - part.low), 2);
      above += Math.pow(share * (part.high - part.value), 2);
      count += part.count;
    }
    return new Accuracy(
        value, Math.max(0, value - Math.sqrt(below)), Math.min(1, value + Math.sqrt(above)), count);
  }

  /** {@code 0.930 [0.88, 0.96]}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f [%.2f, %.2f]", value, low, high);
  }
}
