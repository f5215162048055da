package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What guessing gets right in each task of multiple choice, to be read beside {@code blind}. */
final class ChanceLevels {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Map<String, List<Double>> chances = new TreeMap<>();
  private int openQuestions;

  /** A question that is asked; those of drawn worlds have no options and do not count. */
  void add(JsonNode question) {
    PublishedQuestion.in(question).ifPresent(asked -> {
      switch (asked) {
        case MultipleChoice choice ->
          chances
              .computeIfAbsent(question.path("task").asText(), _ -> new ArrayList<>())
              .add(choice.chance());
        case OpenQuestion _ -> openQuestions++;
      }
    });
  }

  List<String> tableLines() {
    List<String> lines = new ArrayList<>();
    if (!chances.isEmpty()) {
      lines.add("by guessing among the options");
    }
    int width = chances.keySet().stream().mapToInt(String::length).max().orElse(0);
    chances.forEach((task, of) -> {
      String name = task + " ".repeat(width - task.length());
      lines.add(String.format(Locale.ROOT, "%s %5d  %.3f", name, of.size(), mean(of)));
    });
    if (openQuestions > 0) {
      lines.add(openQuestions + " open questions count as right only when the answer holds the"
          + " reference word for word: a weak figure. No judge runs here; run one on the lines"
          + " that --out writes.");
    }
    return lines;
  }

  List<String> jsonLines() {
    List<String> lines = new ArrayList<>();
    chances.forEach((task, of) -> lines.add(JSON.createObjectNode()
        .put("bench", "answers")
        .put("figure", "chance " + task)
        .put("value", mean(of))
        .put("unit", "accuracy")
        .put("count", of.size())
        .toString()));
    return lines;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElse(0);
  }
}
