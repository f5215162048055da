package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Two policies over made-up questions, of which one knows and one says always the same. */
class AnswersReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CLIPS = "[[10,11]]";

  private final List<JsonNode> questions = new ArrayList<>();

  @Test
  void yesNo_isBalancedAndEachAgeIsBalancedWithTheNoes() {
    seen(100, true, "[[10,99]]", 6);
    seen(100, true, "[[10,11]]", 2);
    seen(100, false, "[]", 2);
    Tally yes = tally(question -> "Yes.");
    Tally right = tally(AnswersReportTest::truth);

    assertThat(yes.accuracy(Row.of("ever")).value()).isEqualTo(0.5);
    assertThat(yes.accuracy(Row.of("ever", Age.UNDER_10_MINUTES)).value()).isEqualTo(0.5);
    assertThat(yes.accuracy(Row.of(Age.UNDER_10_MINUTES)).value()).isEqualTo(0.5);
    assertThat(right.accuracy(Row.of("ever", Age.NO_EVIDENCE)).value()).isEqualTo(1);
    assertThat(yes.accuracy(Row.of("ever", Age.UNDER_10_MINUTES)).count()).isEqualTo(2);
  }

  @Test
  void majority_isTheBestConstantOfEachTask() {
    seen(100, true, "[[10,99]]", 9);
    seen(100, false, "[]", 1);
    number(2, 3);
    number(5, 7);
    Tally majority = Majority.of(questions);

    assertThat(majority.accuracy(Row.of("ever")).value()).isEqualTo(0.5);
    assertThat(majority.accuracy(Row.of("count_now")).value()).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void majority_ofMoments_mayHitNeighbours() {
    for (int second : List.of(10, 12, 14, 40, 40)) {
      ObjectNode question = ask("first_seen", 100, "[[10,11]]");
      question.put("answer", "At 0:" + second + ".").put("moment", second);
    }

    assertThat(Majority.of(questions).accuracy(Row.of("first_seen")).value())
        .isCloseTo(0.6, within(1e-12));
  }

  @Test
  void refused_countsInNoAccuracyAndIsTold() {
    number(2, 4);
    Tally tally = new Tally();
    for (int i = 0; i < questions.size(); i++) {
      ObjectNode answer = answer("2");
      tally.add(Scored.of(questions.get(i), i == 0 ? answer : answer.put("status", "refused")));
    }
    AnswersReport report = report(Map.of("full", tally));

    assertThat(tally.accuracy(Row.of("count_now"))).isEqualTo(Accuracy.of(new Proportion(1, 1)));
    assertThat(report.tableLines())
        .anyMatch(line -> line.startsWith("count_now") && line.contains("1.000 [0.21, 1.00]* of 1"))
        .anyMatch(line -> line.startsWith("full:") && line.endsWith("refused 3 questions"));
  }

  @Test
  void evidenceHeld_isOfTheQuestionsThatHaveSome() {
    seen(100, true, "[[10,11]]", 3);
    seen(100, true, "[[20,21]]", 1);
    seen(100, false, "[]", 5);

    assertThat(tally(AnswersReportTest::truth).evidenceHeld(Row.of("ever")))
        .isEqualTo(new Proportion(3, 4));
  }

  @Test
  void declined_isOfTheQuestionsThatCanBeAnswered() {
    number(2, 4);
    ask("unknowable", 100, "[]").put("answer", "I cannot know.").put("declines", true);
    Tally shy = tally(question -> "I don't know.");

    assertThat(shy.declined()).isEqualTo(new Proportion(4, 4));
    assertThat(shy.accuracy(Row.of("unknowable")).value()).isEqualTo(1);
    assertThat(tally(AnswersReportTest::truth).declined()).isEqualTo(new Proportion(0, 4));
  }

  @Test
  void jsonLines_holdEveryRowWithBlindMajorityAndEvidence() throws Exception {
    number(2, 160);
    number(3, 40);
    AnswersReport report = report(Map.of("onlooker", tally(AnswersReportTest::truth)));

    JsonNode line = line(report, "onlooker count_now, evidence any");
    assertThat(line.path("value").asDouble()).isEqualTo(1);
    assertThat(line.path("reference").asDouble()).isEqualTo(0.8);
    assertThat(line.path("majority").asDouble()).isEqualTo(0.8);
    assertThat(line.path("counts").asBoolean()).isFalse();
    assertThat(line.path("few").asBoolean()).isFalse();
    assertThat(line.path("count").asInt()).isEqualTo(200);
    assertThat(line.path("evidenceHeld").asDouble()).isEqualTo(1);
    assertThat(line.path("low95").asDouble()).isLessThan(1);
    assertThat(line(report, "onlooker all tasks, evidence 1-10 min").path("few").asBoolean())
        .isTrue();
    assertThat(line(report, "blind count_now, evidence any").path("goal").isNull())
        .isTrue();
  }

  private AnswersReport report(Map<String, Tally> policies) {
    Map<String, Tally> tallies = new LinkedHashMap<>(policies);
    tallies.put(AnswersReport.BLIND, tally(question -> question.has("number") ? "2" : "Yes."));
    if (policies.containsKey("full")) {
      tallies.put(AnswersReport.BLIND, tally(question -> "Perhaps."));
    }
    return new AnswersReport(tallies, Majority.of(questions));
  }

  private static JsonNode line(AnswersReport report, String figure) throws Exception {
    for (String line : report.jsonLines()) {
      JsonNode json = JSON.readTree(line);
      if (json.path("figure").asText().equals(figure)) {
        return json;
      }
    }
    throw new AssertionError("no figure " + figure + " in " + report.jsonLines());
  }

  private Tally tally(Function<JsonNode, String> answers) {
    Tally tally = new Tally();
    questions.forEach(q -> tally.add(Scored.of(q, answer(answers.apply(q)))));
    return tally;
  }

  private static String truth(JsonNode question) {
    return question.path("answer").asText();
  }

  private void seen(double askedAt, boolean seen, String evidence, int times) {
    for (int i = 0; i < times; i++) {
      ask("ever", askedAt, evidence).put("answer", seen ? "Yes." : "No.").put("seen", seen);
    }
  }

  private void number(int number, int times) {
    for (int i = 0; i < times; i++) {
      ask("count_now", 100, CLIPS).put("answer", number + ".").put("number", number);
    }
  }

  private ObjectNode ask(String task, double askedAt, String evidence) {
    ObjectNode question = JSON.createObjectNode().put("task", task).put("askedAt", askedAt);
    question.set("evidence", json(evidence));
    questions.add(question);
    return question;
  }

  private static ObjectNode answer(String text) {
    ObjectNode answer = JSON.createObjectNode().put("status", "completed").put("answer", text);
    answer.putObject("context").set("clips", json(CLIPS));
    return answer;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
