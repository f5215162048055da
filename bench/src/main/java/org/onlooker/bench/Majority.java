package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The best that one constant answer per task gets, chosen with the questions and their answers
 * known: what a figure must pass before it says anything of watching.
 */
final class Majority {
  static final String NAME = "majority";
  private static final int CANDIDATES_MAX = 64;

  private Majority() {}

  /** The most frequent answers of each task are tried, and the best is tallied. */
  static Tally of(List<JsonNode> questions) {
    Map<String, List<JsonNode>> byTask = questions.stream()
        .collect(
            Collectors.groupingBy(q -> q.path("task").asText(), TreeMap::new, Collectors.toList()));
    Tally best = new Tally();
    byTask.forEach((task, asked) -> {
      String answer = bestConstant(task, asked);
      asked.forEach(question -> best.add(constant(question, answer)));
    });
    return best;
  }

  private static String bestConstant(String task, List<JsonNode> questions) {
    Comparator<String> byAccuracy =
        Comparator.comparingDouble(answer -> accuracy(task, questions, answer));
    return questions.stream()
        .map(question -> question.path("answer").asText())
        .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(CANDIDATES_MAX)
        .map(Map.Entry::getKey)
        .max(byAccuracy)
        .orElseThrow();
  }

  private static double accuracy(String task, List<JsonNode> questions, String answer) {
    Tally tally = new Tally();
    questions.forEach(question -> tally.add(constant(question, answer)));
    return tally.accuracy(Row.of(task)).value();
  }

  private static Scored constant(JsonNode question, String answer) {
    return Scored.of(
        question,
        JsonNodeFactory.instance.objectNode().put("status", "completed").put("answer", answer));
  }
}
