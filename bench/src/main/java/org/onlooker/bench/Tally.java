package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one policy's answers came to: by task, by age of the evidence, and how long they took. */
final class Tally {
  private static final String[] AGES = {"0 to 10 s", "10 to 60 s", "60 s and up"};
  private final Map<String, Proportion> byTask = new TreeMap<>();
  private final Map<String, Proportion> byAge = new TreeMap<>();
  private final List<Double> recallMillis = new ArrayList<>();
  private final List<Double> firstTokenMillis = new ArrayList<>();

  void add(JsonNode question, JsonNode answer, boolean right) {
    byTask.merge(question.path("task").asText(), one(right), Tally::sum);
    if (!question.path("evidence").isEmpty()) {
      byAge.merge(age(question), one(right), Tally::sum);
    }
    recallMillis.add(answer.path("timings").path("recallMillis").asDouble());
    firstTokenMillis.add(answer.path("timings").path("firstTokenMillis").asDouble());
  }

  private static Proportion one(boolean right) {
    return Proportion.NONE.and(right);
  }

  private static Proportion sum(Proportion a, Proportion b) {
    return new Proportion(a.hits() + b.hits(), a.count() + b.count());
  }

  /** From the newest end of the evidence to the asking. */
  private static String age(JsonNode question) {
    double newest = 0;
    for (JsonNode span : question.path("evidence")) {
      newest = Math.max(newest, span.path(1).asDouble());
    }
    double seconds = question.path("askedAt").asDouble() - newest;
    return AGES[seconds < 10 ? 0 : seconds < 60 ? 1 : 2];
  }

  Map<String, Proportion> byTask() {
    return byTask;
  }

  Map<String, Proportion> byAge() {
    return byAge;
  }

  double recallMedianMillis() {
    return median(recallMillis);
  }

  double firstTokenMedianMillis() {
    return median(firstTokenMillis);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }
}
