package org.onlooker.retrieval;

import java.util.regex.Pattern;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.TimedQuestion.About;

/** What the words of a question say about time beside its time expressions. */
final class QuestionTense {
  private static final Pattern NEWEST =
      words("last|latest|most recent|most recently|recently|how long ago");
  private static final Pattern WHEN_PAST = words("when (?:did|was|were|has|have)");
  private static final Pattern OLDEST = words("first|earliest");
  private static final Pattern EVERY = words("how (?:often|frequently)"
      + "|(?:how many|which|(?:at|on|during) what|what were the|what are the) "
      + "(?:different |separate )?(?:times|occasions|moments)"
      + "|(?:all|all of|each of|list|name|give me|tell me) the (?:times|occasions|moments)"
      + "|all times|(?:every|each) (?:single )?(?:time|occasion|appearance)"
      + "|(?:all|all of|list|name) (?:the |its |their |his |her )?appearances");
  private static final Pattern HISTORY = words("when|ever|never|last|latest|first|earliest|recently"
      + "|most recent|earlier|before|previously|so far|how long"
      + "|(?:until|till|up to|by) (?:now|this moment|the present)");
  private static final Pattern NOW =
      words("now|at the moment|currently|at present|at this moment|presently|at this point");
  private static final Pattern PAST =
      words("did|didn't|was|wasn't|were|weren't|saw|(?<!to be )seen|had|been"
          + "|happened|appeared|already|once|yet|at any time|at any point|at some point|at all"
          + "|remember|recall"
          + "|(?:has|have|hasn't|haven't)(?: [a-z'-]+){0,5} (?:[a-z]+ed|come|gone|shown|left)");

  private QuestionTense() {}

  private static Pattern words(String alternatives) {
    return Pattern.compile("(?<![a-z])(?:" + alternatives + ")(?![a-z])", Pattern.CASE_INSENSITIVE);
  }

  /** "When did you see …?" asks for the last time unless it says otherwise. */
  static RecallQuery.Order order(String words) {
    if (EVERY.matcher(words).find()) {
      return RecallQuery.Order.EVERY;
    }
    if (NEWEST.matcher(words).find()) {
      return RecallQuery.Order.NEWEST;
    }
    if (OLDEST.matcher(words).find()) {
      return RecallQuery.Order.OLDEST;
    }
    return WHEN_PAST.matcher(words).find() ? RecallQuery.Order.NEWEST : RecallQuery.Order.RELEVANCE;
  }

  /** For a question that names no moment and no stretch. */
  static About about(String words) {
    if (HISTORY.matcher(words).find() || EVERY.matcher(words).find()) {
      return About.HISTORY;
    }
    boolean past = PAST.matcher(words).find() && !NOW.matcher(words).find();
    return past ? About.HISTORY : About.NOW;
  }
}
