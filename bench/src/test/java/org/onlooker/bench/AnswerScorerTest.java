package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
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
        "I can see two elephants, a helicopter and a mushroom.|true",
        "Elephants, helicopters and mushrooms|true",
        "At 3:10 an elephant and a helicopter and at 1:03:15 a mushroom.|true",
        "An elephant at 3:10, a helicopter at 3:12 and a mushroom.|true",
        "At 3:10 an elephant and at 3:12 a helicopter.|false",
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
  @CsvSource({
    "Nothing., true",
    "nothing, true",
    "Nothing at all., true",
    "A dog., false",
    "'', false"
  })
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
        "Never.|false|true",
        "Nope, I have not.|false|true",
        "Nothing.|false|false",
        "No idea.|false|false",
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
    "At 0:16 and 0:50., false",
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
    assertThat(AnswerScorer.isRight(question, answer("It was not seen."))).isTrue();
    assertThat(AnswerScorer.isRight(question, answer("I have not seen that."))).isTrue();
    assertThat(AnswerScorer.isRight(question, answer("I do not know."))).isFalse();
    assertThat(AnswerScorer.isRight(question, answer("At 0:16."))).isFalse();
  }

  @Test
  void answer_thatWasNotCompleted_isWrong() {
    ObjectNode answer = answer("Never.").put("status", "failed");

    assertThat(AnswerScorer.isRight(question("Never.").putNull("moment"), answer))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "At 0:16, 1:10 and 1:02:03.|true",
        "1:11, 0:15 and 1:02:04|true",
        "At 0:16 and 1:10.|false",
        "At 0:16, 1:10, 2:20 and 1:02:03.|false",
        "Never.|false",
      })
  void moments_areRightWhenEachIsNamedAndNoneBesides(String answer, boolean right) {
    ObjectNode question = question("");
    question.putArray("moments").add(16).add(70.4).add(3723);

    assertThat(AnswerScorer.isRight(question, answer(answer))).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource({"Never., true", "No., true", "It has not appeared., true", "At 0:16., false"})
  void moments_none_isNever(String answer, boolean right) {
    ObjectNode question = question("");
    question.putArray("moments");

    assertThat(AnswerScorer.isRight(question, answer(answer))).isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Two.|2|true",
        "2|2|true",
        "Twice.|2|true",
        "2 times.|2|true",
        "Twice, at 0:16 and 1:40.|2|true",
        "A couple of dogs.|2|true",
        "Once.|1|true",
        "None.|0|true",
        "Never.|0|true",
        "No dogs.|0|true",
        "Twenty-one dogs.|21|true",
        "twenty one|21|true",
        "A hundred.|100|true",
        "Three.|2|false",
        "Two or three.|2|false",
        "22|2|false",
        "2.5|2|false",
        "At 0:02.|2|false",
        "A dog.|2|false",
        "No idea.|0|false",
        "''|0|false",
      })
  void number_isTheOnlyOneNamed(String answer, int number, boolean right) {
    assertThat(AnswerScorer.isRight(question("").put("number", number), answer(answer)))
        .isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 seconds.|12|true",
        "For about twelve seconds, from 0:05 to 0:17.|12|true",
        "13 s|12|true",
        "14 s|12|false",
        "A minute and a half.|90|true",
        "One and a half minutes|90|true",
        "half a minute|30|true",
        "1 minute and 5 seconds|65|true",
        "1:05|65|true",
        "1 h 2 min|3720|true",
        "an hour|3720|true",
        "an hour|3800|false",
        "12|12|false",
        "10 to 12 seconds|12|false",
        "12 dogs, 12 seconds|12|false",
        "At 0:05 and 0:17|12|false",
        "A while.|12|false",
      })
  void duration_isRightWithinFivePercentOrASecond(String answer, double seconds, boolean right) {
    assertThat(AnswerScorer.isRight(question("").put("duration", seconds), answer(answer)))
        .isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "On the left.|left|true",
        "In the upper left corner.|top left|true",
        "left, at the top|top left|true",
        "In the middle.|middle|true",
        "In the center|middle|true",
        "Right now it is on the left.|left|true",
        "In the middle on the left.|left|true",
        "On the left.|top left|false",
        "Top left.|left|false",
        "On the right.|left|false",
        "On the left or on the right.|left|false",
        "Here.|left|false",
      })
  void place_isEachSideNamed(String answer, String place, boolean right) {
    assertThat(AnswerScorer.isRight(question("").put("place", place), answer(answer)))
        .isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "To the left.|left|true",
        "From left to right.|right|true",
        "It is moving upwards.|up|true",
        "Down.|down|true",
        "It is still.|still|true",
        "It is not moving.|still|true",
        "It is still moving left.|left|true",
        "It stands still.|still|true",
        "Nowhere.|still|true",
        "No, it does not.|still|true",
        "From left to right.|left|false",
        "Left and up.|left|false",
        "It is not moving.|left|false",
        "It moves.|left|false",
      })
  void direction_isWhereItGoes(String answer, String direction, boolean right) {
    assertThat(AnswerScorer.isRight(question("").put("direction", direction), answer(answer)))
        .isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Red.|color|red|true",
        "It is a red square.|color|red|true",
        "Grey.|color|gray|true",
        "Golden|color|gold|true",
        "Lilac.|color|lilac|true",
        "Blue.|color|red|false",
        "Red or blue.|color|red|false",
        "Bored.|color|red|false",
        "A red square.|shape|square|true",
        "It is circular.|shape|circle|true",
        "Rectangles.|shape|rectangle|true",
        "A circle.|shape|square|false",
        "A square and a star.|shape|square|false",
      })
  void colorAndShape_areTheOnlyOneNamed(String answer, String field, String name, boolean right) {
    assertThat(AnswerScorer.isRight(question("").put(field, name), answer(answer)))
        .isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "Stop.|STOP|true",
        "It says \"Stop\".|stop|true",
        "The sign says stop|stop|true",
        "The number 42.|42|true",
        "Forty-two|42|true",
        "\"HOT DOGS\"|hot dogs|true",
        "Shop.|stop|false",
        "Stop or go.|stop|false",
        "43|42|false",
        "A sign.|stop|false",
      })
  void sign_isReadWordForWord(String answer, String text, boolean right) {
    assertThat(AnswerScorer.isRight(question("").put("text", text), answer(answer)))
        .isEqualTo(right);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A dog enters and a bus leaves.|true",
        "A dog is entering while the bus is leaving.|true",
        "The bus left.|true",
        "It is raining.|true",
        "It rains and three cats stand still.|true",
        "It is snowing.|false",
        "Four cats are entering.|false",
        "A dog enters from the left, then it hides.|true",
        "A dog enters and hides.|true",
        "A dog and a bus leave.|false",
        "A dog enters and a cat leaves.|false",
        "A dog leaves.|false",
        "A cat enters.|false",
        "A dog and a bus.|false",
        "A dog enters and a bus.|false",
        "The traffic light moves right.|true",
        "The traffic light moves left.|false",
        "Nothing.|false",
        "''|false",
      })
  void facts_atLeastOneIsNamedAndNoneIsFalse(String answer, boolean right) {
    ObjectNode question = question("");
    ArrayNode facts = question.putArray("facts");
    facts.addArray().add("dog").add("enters");
    facts.addArray().add("dog").add("hides");
    facts.addArray().add("bus").add("leaves");
    facts.addArray().add("rain").add("fall");
    facts.addArray().add("cat").add("stand");
    facts.addArray().add("traffic light").add("moves right");

    assertThat(AnswerScorer.isRight(question, answer(answer))).isEqualTo(right);
  }

  @Test
  void facts_sharedByTwoSubjects_areEachChecked() {
    ObjectNode question = question("");
    ArrayNode facts = question.putArray("facts");
    facts.addArray().add("dog").add("stop");
    facts.addArray().add("bus").add("stop");

    assertThat(AnswerScorer.isRight(question, answer("A dog and a bus stopped.")))
        .isTrue();
    assertThat(AnswerScorer.isRight(question, answer("A dog, a cat and a bus stop.")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "I don't know.|true",
        "I cannot know that.|true",
        "That is not in what I remember.|true",
        "I can’t tell.|true",
        "I was not watching at that time.|true",
        "I can only tell what can be seen.|true",
        "No.|false",
        "Never.|false",
        "A dog.|false",
        "I don't know, but maybe a dog.|false",
        "''|false",
      })
  void unknowable_isDeclined(String answer, boolean right) {
    assertThat(AnswerScorer.isRight(question("").put("declines", true), answer(answer)))
        .isEqualTo(right);
  }

  private static ObjectNode question(String answer) {
    ObjectNode question = JSON.createObjectNode().put("answer", answer);
    if (!answer.isEmpty()) {
      question.putArray("accepted").add(answer.toLowerCase(Locale.ROOT).replace(".", ""));
    }
    return question;
  }

  private static ObjectNode answer(String text) {
    return JSON.createObjectNode().put("status", "completed").put("answer", text);
  }
}
