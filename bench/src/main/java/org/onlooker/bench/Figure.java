package org.onlooker.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One measured number beside what it is compared with in the same run.
 *
 * @param figure what was measured
 * @param comparedWith what {@code reference} was measured on
 * @param ratio value / reference
 * @param goal the largest ratio that is good enough; empty for a figure that has none
 */
record Figure(
    String bench,
    String figure,
    double value,
    String unit,
    String comparedWith,
    double reference,
    double ratio,
    Optional<Double> goal) {
  boolean isMet() {
    return goal.isEmpty() || ratio <= goal.get();
  }

  /** One line, as {@code --json} prints it. */
  String json() {
    return json(isMet());
  }

  /** The same of a figure whose goal is not its ratio's. */
  String json(boolean isMet) {
    return String.format(
        Locale.ROOT,
        "{\"bench\":\"%s\",\"figure\":\"%s\",\"value\":%.4f,\"unit\":\"%s\","
            + "\"comparedWith\":\"%s\",\"reference\":%.4f,\"ratio\":%.4f,\"goal\":%s,\"met\":%s}",
        bench,
        figure,
        value,
        unit,
        comparedWith,
        reference,
        ratio,
        goal.map(g -> g.toString()).orElse("null"),
        goal.map(g -> Boolean.toString(isMet)).orElse("null"));
  }

  /** One line of a table for people. */
  String row() {
    return String.format(
        Locale.ROOT,
        "%-30s %8.3f %-6s %8.3f %-16s %6.3f  %s",
        figure,
        value,
        unit,
        reference,
        comparedWith,
        ratio,
        goal.map(g -> "<= " + g + (isMet() ? "  met" : "  MISSED")).orElse(""));
  }
}
