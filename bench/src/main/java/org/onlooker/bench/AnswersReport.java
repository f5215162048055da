package org.onlooker.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The accuracies of several policies side by side, as a table or as lines of JSON. */
final class AnswersReport {
  private static final String BLIND = "blind";
  private static final Map<String, Double> GOALS =
      Map.of("now", 0.90, "at", 0.75, "last_seen", 0.75, "ever", 0.85);
  private final Map<String, Tally> tallies;
  private final ObjectMapper json = new ObjectMapper();

  AnswersReport(Map<String, Tally> tallies) {
    this.tallies = tallies;
  }

  List<String> tableLines() {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-12s %5s", "task", "n"));
    tallies.keySet().forEach(p -> head.append(String.format(Locale.ROOT, "  %-20s", p)));
    lines.add(head + "  goal");
    for (String task : rows(Tally::byTask)) {
      lines.add(row(task, Tally::byTask) + goal(task));
    }
    lines.add("by age of the evidence");
    for (String age : rows(Tally::byAge)) {
      lines.add(row(age, Tally::byAge));
    }
    tallies.forEach((policy, tally) -> lines.add(String.format(
        Locale.ROOT,
        "%s: recall %.1f ms, first token %.1f ms (medians)",
        policy,
        tally.recallMedianMillis(),
        tally.firstTokenMedianMillis())));
    return lines;
  }

  private String row(String name, Function<Tally, Map<String, Proportion>> part) {
    StringBuilder line = new StringBuilder();
    for (Tally tally : tallies.values()) {
      Proportion p = part.apply(tally).getOrDefault(name, Proportion.NONE);
      if (line.isEmpty()) {
        line.append(String.format(Locale.ROOT, "%-12s %5d", name, p.count()));
      }
      line.append(String.format(Locale.ROOT, "  %-20s", p));
    }
    return line.toString();
  }

  private String goal(String task) {
    Double goal = GOALS.get(task);
    if (goal == null) {
      return "";
    }
    boolean met = ours().byTask().getOrDefault(task, Proportion.NONE).value() >= goal;
    return String.format(Locale.ROOT, "  >= %.2f %s", goal, met ? "met" : "MISSED");
  }

  private Tally ours() {
    return tallies.values().iterator().next();
  }

  private Set<String> rows(Function<Tally, Map<String, Proportion>> part) {
    Set<String> names = new TreeSet<>();
    tallies.values().forEach(tally -> names.addAll(part.apply(tally).keySet()));
    return names;
  }

  /** One line per policy and task; the reference is the policy {@code blind}. */
  List<String> jsonLines() {
    List<String> lines = new ArrayList<>();
    Map<String, Proportion> blind = tallies.getOrDefault(BLIND, new Tally()).byTask();
    tallies.forEach((policy, tally) -> tally.byTask().forEach((task, accuracy) -> {
      double reference = blind.getOrDefault(task, Proportion.NONE).value();
      ObjectNode line = line(policy + " " + task, accuracy.value(), "accuracy")
          .put("comparedWith", BLIND)
          .put("reference", reference);
      if (reference > 0) {
        line.put("ratio", accuracy.value() / reference);
      } else {
        line.putNull("ratio");
      }
      Double goal = policy.equals(BLIND) ? null : GOALS.get(task);
      line.put("goal", goal).put("met", goal == null ? null : accuracy.value() >= goal);
      line.put("count", accuracy.count())
          .put("low95", accuracy.low())
          .put("high95", accuracy.high());
      lines.add(line.toString());
    }));
    tallies.forEach((policy, tally) -> {
      lines.add(line(policy + " recall", tally.recallMedianMillis(), "ms").toString());
      lines.add(
          line(policy + " first token", tally.firstTokenMedianMillis(), "ms").toString());
    });
    return lines;
  }

  private ObjectNode line(String figure, double value, String unit) {
    return json.createObjectNode()
        .put("bench", "answers")
        .put("figure", figure)
        .put("value", value)
        .put("unit", unit);
  }
}
