package org.onlooker.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Change;
import org.onlooker.core.TimedQuestion.Neighbour;

class QuestionTenseTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "What has changed?|CAME",
        "what's different now|CAME",
        "Anything new?|CAME",
        "What has just come in?|CAME",
        "Which things showed up?|CAME",
        "Did anything new appear?|CAME",
        "What wasn't there a moment ago?|CAME",
        "Any newcomers?|CAME",
        "Did I miss anything?|CAME",
        "Update me, please.|CAME",
        "Who joined?|CAME",
        "What popped up?|CAME",
        "What has disappeared?|LEFT",
        "Which objects went away?|LEFT",
        "What left?|LEFT",
        "What is no longer visible that was?|LEFT",
        "Is anything missing?|LEFT",
        "What did we lose?|LEFT",
        "Which objects walked off?|LEFT",
        "How many different things did you see?|NUMBER",
        "What number of different things was there?|NUMBER",
        "How many distinct objects have you seen so far?|NUMBER",
        "How many distinct objects have you seen until now?|NUMBER",
        "Total of different things?|NUMBER",
        "How many kinds of things were there?|NUMBER",
        "Different objects shown, how many?|NUMBER",
        "How many different things are there now?|NONE",
        "How many dogs came?|NONE",
        "What is there on the left?|NONE",
        "Which way is the dog moving, left or right?|NONE",
        "What came before the dog?|NONE",
        "What was the first thing that came?|NONE",
        "When did anything appear last?|NONE",
        "How often did something change?|NONE",
        "what times did the school bag show up|NONE",
        "Did a dog come by?|NONE",
        "What do you see?|NONE"
      })
  void change_isWhatCameLeftOrHowMuch(String question, Change change) {
    assertThat(QuestionTense.change(question)).isEqualTo(change);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What came right before the dog?",
        "Which object appeared just before the bus?",
        "Before the cat came, what showed up?",
        "What was the last thing to come before the red circle?",
        "And what came before it?",
        "What appeared before that?",
        "What was there prior to the dog?",
        "What arrived ahead of the bus?",
        "Ahead of the bus, what came?",
        "And the one before?",
        "What came before that?",
        "What preceded the dog?",
        "What was followed by the dog?",
        "Was there a dog before the bus came?"
      })
  void neighbour_before(String question) {
    assertThat(QuestionTense.neighbour(question)).isEqualTo(Neighbour.BEFORE);
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What came right after the dog?",
        "After the bus, what showed up next?",
        "What was the next thing to appear after an owl?",
        "And what was the next thing?",
        "And what followed it?",
        "What followed the dog?",
        "What was the dog followed by?",
        "What succeeded the dog?",
        "What entered behind the dog?",
        "The thing following the dog, what is it?",
        "And then, what came?",
        "What came next?",
        "And the one after?",
        "What replaced the red circle?",
        "What follows the bus?",
        "What did follow the bus?",
        "What came once the dog was gone?",
        "What came when the dog had gone?",
        "What showed up when the bus left?",
        "When the big dog went away, what came?",
        "What was preceded by the dog?"
      })
  void neighbour_after(String question) {
    assertThat(QuestionTense.neighbour(question)).isEqualTo(Neighbour.AFTER);
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Have you seen a dog before?",
        "Have you seen a dog before now?",
        "Did you see it before, and where?",
        "How often did the bus come after the dog?",
        "Did you see it again after that?",
        "Was there a dog after all?",
        "What is ahead of the car?",
        "Tell me when the dog left.",
        "When did the dog leave?",
        "When was the dog gone?",
        "Was there once a dog?",
        "What was there when the dog was in the picture?",
        "Is the dog following the cat?",
        "Is the dog behind the cat?",
        "What is next to the dog?"
      })
  void neighbour_none(String question) {
    assertThat(QuestionTense.neighbour(question)).isEqualTo(Neighbour.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How long was the dog visible?",
        "For how long is the bus in view?",
        "How many seconds was the dog on screen?",
        "How much time did the dog spend there?",
        "How many secs was the dog visible?",
        "Number of seconds the dog stayed?",
        "How long did the dog's last visit take?",
        "What was the duration of the dog's visit?"
      })
  void howLong_isAboutTheWholeOfTheLastTime(String question) {
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
    assertThat(QuestionTense.order(question)).isEqualTo(RecallQuery.Order.WHOLE);
  }

  @Test
  void howLongAgo_isAboutTheLastTime() {
    String question = "How long ago did you see the dog?";
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
    assertThat(QuestionTense.order(question)).isEqualTo(RecallQuery.Order.NEWEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Did the dog appear again?",
        "Did the dog come back?",
        "Tell me when the dog comes back.",
        "Is it true that the dog came back?",
        "Did the bus return?",
        "Has the bus returned?",
        "How many appearances of the dog were there?",
        "Number of visits of the dog?",
        "Count the sightings of the dog.",
        "How regularly did the dog come?",
        "Was the dog there once or more often?",
        "Every sighting of the dog, please.",
        "Timestamps of the dog?",
        "All dog sightings?",
        "When exactly were there dogs?",
        "When was the dog there, all of them?",
        "When did you see the dog altogether?"
      })
  void comingBackAndHowOften_areAboutEveryTime(String question) {
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
    assertThat(QuestionTense.order(question)).isEqualTo(RecallQuery.Order.EVERY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How long is the dog gone?",
        "The hat is gone. Since when?",
        "How long since the last dog?",
        "Until when could you see the dog?",
        "When did you lose sight of the dog?",
        "Final appearance of the dog?"
      })
  void sinceItWent_isAboutTheLastTime(String question) {
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
    assertThat(QuestionTense.order(question)).isEqualTo(RecallQuery.Order.NEWEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Any sign of a dog?",
        "A dog, yes or no?",
        "Is there a dog in the recording?",
        "Has the red dog come?"
      })
  void whetherItWasThere_isAboutHistory(String question) {
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
    assertThat(QuestionTense.order(question)).isEqualTo(RecallQuery.Order.RELEVANCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Since when is the dog there?",
        "How long was it there the first time?",
        "From when on was there a dog?",
        "When did we get the dog initially?"
      })
  void first_isAboutTheFirstTime(String question) {
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
    assertThat(QuestionTense.order(question)).isEqualTo(RecallQuery.Order.OLDEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Which things came in?",
        "What arrived?",
        "Who entered?",
        "What showed up?",
        "Which objects turned up?",
        "What left?",
        "The dog that left: what color?",
        "What went away?"
      })
  void pastVerb_isAboutHistory(String question) {
    assertThat(QuestionTense.about(question)).isEqualTo(About.HISTORY);
    assertThat(QuestionTense.order(question)).isEqualTo(RecallQuery.Order.RELEVANCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is on the left?",
        "Is the dog moving left or right?",
        "Is the dog left of the tree?",
        "Does it go left?",
        "What is in the bottom-left corner?",
        "What is left?",
        "What just came in now?",
        "What has the red thing on?"
      })
  void leftThatIsNoVerb_isAboutNow(String question) {
    assertThat(QuestionTense.about(question)).isEqualTo(About.NOW);
  }
}
