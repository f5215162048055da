package org.onlooker.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.Pts;
import org.onlooker.core.TimedQuestion;

class QuestionReferenceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "And what was next to it?",
        "And what else was there then?",
        "What else could you see?",
        "And which other things were there?",
        "Was there anything else?",
        "And where was it in the picture?",
        "And its color?",
        "What appeared before that?",
        "And what was the next thing?",
        "How long did it stay?",
        "And did it come again?",
        "Were they there?",
        "What was their color?",
        "What color is that dog?",
        "Have you seen this dog before?",
        "And the one before?",
        "And what came next?",
        "And in which colour?",
        "What were the other things?",
        "What was there?",
        "Was the dog there?",
        "Where was it at 1:00?",
        "What was it doing in the last 5 minutes?"
      })
  void refersBack(String question) {
    assertThat(read(question).refersBack()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What can you see now?",
        "Is there a dog?",
        "Tell me how long the dog was there.",
        "How many appearances of the dog were there?",
        "What's there?",
        "What was there at 1:23?",
        "Which things were there in the last 5 minutes?",
        "Is it true that you saw a dog?",
        "What day is it?",
        "How warm is it here?",
        "Where is the cat that sat?",
        "What do you see at this moment?",
        "Where is it now?",
        "When did you last see the dog?",
        "What came before the dog?"
      })
  void standsForItself(String question) {
    assertThat(read(question).refersBack()).isFalse();
  }

  private static TimedQuestion read(String question) {
    return new EnglishTimes()
        .read(
            question,
            Pts.ofSeconds(600),
            Instant.parse("2026-11-21T12:00:00Z"),
            true,
            ZoneOffset.UTC);
  }
}
