package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerScorerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "An elephant, a helicopter and a mushroom.|true",
        "a mushroom, the helicopter, and an elephant|true",
        "A mushroom and an elephant.|false",
        "An elephant, a helicopter, a mushroom and a dog.|false",
        "Nothing.|false",
        "''|false",
      })
  void things_areComparedAsASet(String answer, boolean right) {
    ObjectNode question = question("An elephant, a helicopter and a mushroom.");
    question.putArray("objects").add("elephant").add("helicopter").add("mushroom");

    assertThat(AnswerScorer.isRight(question, answer(answer))).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource({"Nothing., true", "nothing, true", "A dog., false"})
  void nothing_isTheEmptySet(String answer, boolean right) {
    ObjectNode question = question("Nothing.");
    question.putArray("objects");

    assertThat(AnswerScorer.isRight(question, answer(answer))).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Yes, at 0:25.|true|true",
        "Yes.|true|true",
        "Yes, at 9:59.|true|true",
        "No.|true|false",
        "No.|false|true",
        "Nothing.|false|false",
        "Yesterday.|true|false",
      })
  void yesAndNo_areTheFirstWord(String answer, boolean seen, boolean right) {
    ObjectNode question = question(seen ? "Yes, at 0:25." : "No.").put("seen", seen);

    assertThat(AnswerScorer.isRight(question, answer(answer))).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource({
    "At 0:16., true",
    "At 0:18., true",
    "At 0:14., false",
    "At 0:19., false",
    "At 1:00:16., false",
    "Never., false"
  })
  void moment_isRightWithinTwoSeconds(String answer, boolean right) {
    ObjectNode question = question("At 0:17.").put("moment", 16.917);

    assertThat(AnswerScorer.isRight(question, answer(answer))).isEqualTo(right);
  }

  @Test
  void moment_ofTheCitation_goesBeforeTheText() {
    ObjectNode question = question("At 0:17.").put("moment", 16.917);
    ObjectNode answer = answer("At 14:05:12.");
    ObjectNode citation = answer.putArray("citations").addObject().put("start", 17);
    citation.putObject("signals").put("answer", 1);

    assertThat(AnswerScorer.isRight(question, answer)).isTrue();
    citation.put("start", 25);
    assertThat(AnswerScorer.isRight(question, answer)).isFalse();
  }

  @Test
  void never_isRightOnlyForNever() {
    ObjectNode question = question("Never.").putNull("moment");

    assertThat(AnswerScorer.isRight(question, answer("Never."))).isTrue();
    assertThat(AnswerScorer.isRight(question, answer("At 0:16."))).isFalse();
  }

  @Test
  void answer_thatWasNotCompleted_isWrong() {
    ObjectNode answer = answer("Never.").put("status", "failed");

    assertThat(AnswerScorer.isRight(question("Never.").putNull("moment"), answer))
        .isFalse();
  }

  @Test
  void proportion_hasWilsonsInterval() {
    Proportion p = new Proportion(90, 100);

    assertThat(List.of(p.low(), p.high()).toString()).startsWith("[0.8256").contains(", 0.944");
    assertThat(new Proportion(0, 10).low()).isZero();
    assertThat(new Proportion(10, 10).high()).isCloseTo(1, within(1e-12));
  }

  private static ObjectNode question(String answer) {
    ObjectNode question = JSON.createObjectNode().put("answer", answer);
    question.putArray("accepted").add(answer.toLowerCase(java.util.Locale.ROOT).replace(".", ""));
    return question;
  }

  private static ObjectNode answer(String text) {
    return JSON.createObjectNode().put("status", "completed").put("answer", text);
  }
}
