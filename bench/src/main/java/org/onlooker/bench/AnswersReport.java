package org.onlooker.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The accuracies of several policies side by side, by task and age of evidence, as a table or as
 * lines of JSON. The first policy is the one that is held against the goals.
 */
final class AnswersReport {
  static final String BLIND = "blind";
  private static final double COUNTS_ABOVE_BLIND = 0.25;
  private final Map<String, Tally> tallies;
  private final Tally majority;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param tallies by policy, {@code blind} among them
   * @param majority of the same questions
   */
  AnswersReport(Map<String, Tally> tallies, Tally majority) {
    this.tallies = tallies;
    this.majority = majority;
  }

  List<String> tableLines() {
    List<String> lines = new ArrayList<>();
    lines.add(head("accuracy", "goal"));
    for (Row row : rows()) {
      lines.add(
          line(row, tally -> accuracy(row, tally), majority.accuracy(row).toString()) + goal(row));
    }
    lines.add("* beats blind by 25 points; a task without it does not count. "
        + "few: under 150 questions of a task or 300 of an age.");
    lines.add("Yes/no tasks as balanced accuracy"
        + (yesNoTasks().isEmpty() ? "." : ": " + String.join(", ", yesNoTasks()) + ".")
        + " majority: the best constant answer to each task.");
    lines.add("");
    lines.add(head("evidence in the context", ""));
    for (Row row : rows()) {
      if (row.task().isEmpty() && !row.equals(Row.of(Age.NO_EVIDENCE))) {
        lines.add(line(row, tally -> share(tally.evidenceHeld(row)), ""));
      }
    }
    lines.add("");
    tallies.forEach((policy, tally) -> lines.add(remark(policy, tally)));
    return lines;
  }

  /** Each task, then each age of it; at last each age over all tasks, and all. */
  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (String task : majority.tasks()) {
      rows.add(Row.of(task));
      EnumSet.allOf(Age.class).forEach(age -> rows.add(Row.of(task, age)));
    }
    EnumSet.allOf(Age.class).forEach(age -> rows.add(Row.of(age)));
    rows.add(Row.ALL);
    rows.removeIf(row -> majority.asked(row) == 0);
    return rows;
  }

  private SortedSet<String> yesNoTasks() {
    SortedSet<String> tasks = new TreeSet<>(majority.tasks());
    tasks.removeIf(task -> !majority.isYesNo(task));
    return tasks;
  }

  private String head(String what, String last) {
    StringBuilder head = new StringBuilder(
        String.format(Locale.ROOT, "%-12s %-11s %5s %3s", "task", "evidence", "n", ""));
    tallies.keySet().forEach(policy -> head.append(String.format(Locale.ROOT, "  %-19s", policy)));
    return what + "\n" + head + String.format(Locale.ROOT, "  %-19s  %s", Majority.NAME, last);
  }

  private String line(Row row, Function<Tally, String> cell, String majorityCell) {
    int asked = majority.asked(row);
    StringBuilder line = new StringBuilder(String.format(
        Locale.ROOT,
        "%-12s %-11s %5d %3s",
        row.taskName(),
        row.ageName(),
        asked,
        row.isFew(asked) ? "few" : ""));
    tallies
        .values()
        .forEach(t -> line.append(String.format(Locale.ROOT, "  %-19s", cell.apply(t))));
    return line + String.format(Locale.ROOT, "  %-19s", majorityCell);
  }

  private String accuracy(Row row, Tally tally) {
    Accuracy accuracy = tally.accuracy(row);
    if (accuracy.count() == 0) {
      return "-";
    }
    String only = accuracy.count() < majority.asked(row) ? " of " + accuracy.count() : "";
    return accuracy + (counts(row, accuracy) ? "*" : "") + only;
  }

  private static String share(Proportion p) {
    return p.count() == 0 ? "-" : p.toString();
  }

  private boolean counts(Row row, Accuracy accuracy) {
    return accuracy.value() >= blind(row).value() + COUNTS_ABOVE_BLIND;
  }

  private Accuracy blind(Row row) {
    return tallies.getOrDefault(BLIND, new Tally()).accuracy(row);
  }

  private static Optional<Double> goal(String policy, Row row) {
    return policy.equals(BLIND) ? Optional.empty() : Goals.of(row);
  }

  private String goal(Row row) {
    var ours = tallies.entrySet().iterator().next();
    return goal(ours.getKey(), row)
        .map(goal -> String.format(
            Locale.ROOT,
            "  >= %.2f %s",
            goal,
            ours.getValue().accuracy(row).value() >= goal ? "met" : "MISSED"))
        .orElse("");
  }

  private static String remark(String policy, Tally tally) {
    return String.format(
        Locale.ROOT,
        "%s: recall %.1f ms, first token %.1f ms (medians); declined %s of what can be known"
            + " (goal <= %.2f)%s",
        policy,
        tally.recallMedianMillis(),
        tally.firstTokenMedianMillis(),
        share(tally.declined()),
        Goals.DECLINED_MAX,
        tally.refused() > 0 ? "; refused " + tally.refused() + " questions" : "");
  }

  /** One line per policy and row; the reference is the policy {@code blind}. */
  List<String> jsonLines() {
    List<String> lines = new ArrayList<>();
    tallies.forEach((policy, tally) -> {
      rows().forEach(row -> lines.add(jsonLine(policy, tally, row).toString()));
      lines.add(figure(policy + " recall", tally.recallMedianMillis(), "ms").toString());
      lines.add(
          figure(policy + " first token", tally.firstTokenMedianMillis(), "ms").toString());
      lines.add(figure(policy + " declined", tally.declined().value(), "of what can be known")
          .put("count", tally.declined().count())
          .put("goal", Goals.DECLINED_MAX)
          .put("met", tally.declined().value() <= Goals.DECLINED_MAX)
          .toString());
      lines.add(figure(policy + " refused", tally.refused(), "questions").toString());
    });
    return lines;
  }

  private ObjectNode jsonLine(String policy, Tally tally, Row row) {
    Accuracy accuracy = tally.accuracy(row);
    double reference = blind(row).value();
    boolean balanced = row.task().filter(majority::isYesNo).isPresent();
    Optional<Double> goal = goal(policy, row);
    Proportion held = tally.evidenceHeld(row);
    return figure(
            policy + " " + row.taskName() + ", evidence " + row.ageName(),
            accuracy.value(),
            balanced ? "balanced accuracy" : "accuracy")
        .put("comparedWith", BLIND)
        .put("reference", reference)
        .put("ratio", reference > 0 ? (Double) (accuracy.value() / reference) : null)
        .put("goal", goal.orElse(null))
        .put("met", goal.map(least -> accuracy.value() >= least).orElse(null))
        .put("policy", policy)
        .put("task", row.task().orElse(null))
        .put("age", row.age().map(Age::toString).orElse(null))
        .put("count", accuracy.count())
        .put("asked", tally.asked(row))
        .put("low95", accuracy.low())
        .put("high95", accuracy.high())
        .put("majority", majority.accuracy(row).value())
        .put("counts", counts(row, accuracy))
        .put("few", row.isFew(accuracy.count()))
        .put("evidenceHeld", held.count() > 0 ? (Double) held.value() : null)
        .put("evidenceCount", held.count());
  }

  private ObjectNode figure(String figure, double value, String unit) {
    return json.createObjectNode()
        .put("bench", "answers")
        .put("figure", figure)
        .put("value", value)
        .put("unit", unit);
  }
}
