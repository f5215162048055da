package org.onlooker.retrieval;

import java.util.regex.Pattern;
import org.onlooker.core.TimedQuestion.About;

/**
 * Whether a question asks on about what was said before it.
 *
 * <p>Many of the words that refer back also stand for nothing: "is there a dog?", "is it true?",
 * "the cat that sat", "at this moment". These do not count, and neither does a question about now,
 * which the newest clips answer.
 */
final class QuestionReference {
  private static final Pattern PRONOUN =
      QuestionTense.words("its|they|them|their|theirs|these|those"
          + "|he|him|his|she|her|hers|itself|else|again|then"
          + "|the (?:next|previous) (?:thing|one|object)(?=[?.!]|$)"
          + "|the one (?:before|after)(?=[?.!]|$)|the rest|the other (?:things|objects)"
          + "|(?:came|appeared) (?:next|thereafter)(?=[?.!]|$)|^(?:and )?next,"
          + "|together with what|too(?=[?.!]|$)|in (?:what|which) colou?r(?=[?.!]|$)"
          + "|(?:to|on) which side(?=[?.!]|$)");
  private static final Pattern IT = QuestionTense.words("(?<!(?:what|which) (?:day|date|time|year|"
      + "month|hour) (?:is|was) )(?<!how (?:hot|cold|warm|late|loud|dark|bright) (?:is|was) )"
      + "it(?! (?:true|possible|correct|right that|raining|snowing|ever))");
  private static final Pattern THAT = QuestionTense.words("(?:before|after|since|from|of|at|by|with"
      + "|near|beside|like|than|about|for|and|is|was|see|saw|seen|do|did|does) that(?! there)"
      + "|^that|that(?=\\s*[?.!,]|$)");
  private static final Pattern THIS =
      QuestionTense.words("this(?! (?:moment|point|time|stream|video"
          + "|recording|film|footage|picture|frame|scene|screen|camera|view|room|place|world))");
  private static final Pattern THERE = QuestionTense.words("(?:what|who|which(?: [a-z]+){1,2})"
      + " (?:was|were|stood|came|appeared|arrived) there(?=\\s*[?.!,]|$)"
      + "|^(?:and )?(?:was|were)(?: [a-z]+){1,3} there(?=\\s*[?.!,]|$)");

  private QuestionReference() {}

  /** @param timed whether the question names a time itself, which "there" is about then */
  static boolean refersBack(String words, boolean timed) {
    boolean refers = PRONOUN.matcher(words).find()
        || IT.matcher(words).find()
        || THAT.matcher(words).find()
        || THIS.matcher(words).find()
        || !timed && THERE.matcher(words).find();
    return refers && !(QuestionTense.about(words) == About.NOW && QuestionTense.saysNow(words));
  }
}
