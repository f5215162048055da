package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MultipleChoiceTest {
  private static final MultipleChoice PET =
      new MultipleChoice("Which pet?", List.of("A dog", "A cat", "A cat and a dog", "None"), 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "B|true",
        "b.|true",
        "(B)|true",
        "B. A cat|true",
        "B) something else|true",
        "Answer: B|true",
        "The correct answer is (B).|true",
        "A cat.|true",
        "the Cat|true",
        "It is a cat on a chair.|true",
        "A|false",
        "C. A cat|false",
        "A dog.|false",
        "a cat and a dog|false",
        "A dog or a cat|false",
        "A caterpillar.|false",
        "Z.|false",
        "''|false",
      })
  void isRight_letterOrTheWordsOfTheOption(String said, boolean right) {
    assertThat(PET.isRight(said)).isEqualTo(right);
  }

  @Test
  void writeTo_isAskedWithLetters_andReadBack() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    PET.writeTo(node);
    assertThat(node.path("question").asText())
        .startsWith("Which pet?\nA. A dog\nB. A cat\nC. A cat and a dog\nD. None\n");
    assertThat(node.path("answer").asText()).isEqualTo("B. A cat");
    MultipleChoice read = MultipleChoice.in(node).orElseThrow();
    assertThat(read.options()).isEqualTo(PET.options());
    assertThat(read.right()).isEqualTo(1);
    assertThat(read.chance()).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void lettered_lettersInTheOptions_areTakenAwayAndTornOptionsMended() {
    List<String> torn = List.of("A. Red, and", "then blue.", "", "B) Green.", "C: Blue.");
    assertThat(MultipleChoice.lettered("Which?", torn, "B").orElseThrow().options())
        .containsExactly("Red, and then blue.", "Green.", "Blue.");
    List<String> plain = List.of("Apple.", "Bread.");
    assertThat(MultipleChoice.lettered("Which?", plain, "B").orElseThrow().rightOption())
        .isEqualTo("Bread.");
  }

  @Test
  void lettered_answerBeyondTheOptions_isNoQuestion() {
    assertThat(MultipleChoice.lettered("Which?", List.of("A. x", "B. y"), "C")).isEmpty();
    assertThat(MultipleChoice.lettered("Which?", List.of("A. x", "B. y"), "both"))
        .isEmpty();
    assertThat(MultipleChoice.indexed("Which?", List.of("x", "y"), 2)).isEmpty();
  }

  @Test
  void textual_answerIsTheOptionOrItsLetter() {
    List<String> options = List.of("(unsure)", "left", "right");
    assertThat(MultipleChoice.textual("Where?", options, "right").map(MultipleChoice::right))
        .isEqualTo(Optional.of(2));
    assertThat(MultipleChoice.textual("Where?", options, "B").map(MultipleChoice::right))
        .isEqualTo(Optional.of(1));
    assertThat(MultipleChoice.textual("Where?", options, "above")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A red bicycle.|true",
        "I saw the red bicycle there.|true",
        "A red bicycles|false",
        "red|false",
        "''|false",
      })
  void openQuestion_isRightWhenItHoldsTheReference(String said, boolean right) {
    assertThat(new OpenQuestion("What?", "The red bicycle").isRight(said)).isEqualTo(right);
  }

  @Test
  void openQuestion_withoutReference_isNeverRight() {
    assertThat(new OpenQuestion("What?", "...").isRight("...")).isFalse();
  }

  @Test
  void isRight_answerNotCompleted_isWrong() {
    ObjectNode question = new ObjectMapper().createObjectNode();
    PET.writeTo(question);
    ObjectNode answer = new ObjectMapper().createObjectNode().put("answer", "B");
    assertThat(PublishedQuestion.isRight(question, answer.put("status", "completed")))
        .isTrue();
    assertThat(PublishedQuestion.isRight(question, answer.put("status", "failed")))
        .isFalse();
  }

  @Test
  void isRight_questionOfAWorld_isLeftToTheScorer() {
    ObjectNode question = new ObjectMapper().createObjectNode().put("seen", true);
    ObjectNode answer =
        new ObjectMapper().createObjectNode().put("status", "completed").put("answer", "Yes.");
    assertThat(PublishedQuestion.isRight(question, answer)).isTrue();
    assertThat(PublishedQuestion.isRight(question, answer.put("answer", "No."))).isFalse();
  }
}
