package org.onlooker.retrieval;

import java.util.regex.Pattern;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Change;
import org.onlooker.core.TimedQuestion.Neighbour;

/** What the words of a question say about time beside its time expressions. */
final class QuestionTense {
  private static final Pattern NEWEST =
      words("last|latest|most recent|most recently|recently|how long ago");
  private static final Pattern WHEN_PAST = words("when (?:did|was|were|has|have)");
  private static final Pattern OLDEST = words("first|earliest|since when");
  private static final Pattern HOW_LONG =
      words("how long(?! ago)|how many (?:seconds|minutes|hours)|how much time|duration");
  private static final Pattern EVERY = words("how (?:often|frequently)"
      + "|(?:how many|which|(?:(?:at|on|during) )?what|what were the|what are the) "
      + "(?:different |separate )?(?:times|occasions|moments)"
      + "|(?:all|all of|each of|list|name|give me|tell me) the (?:times|occasions|moments)"
      + "|all times|(?:every|each) (?:single )?(?:time|occasion|appearance)"
      + "|(?:all|all of|list|name|how many) (?:the |its |their |his |her )?appearances"
      + "|when [a-z' -]+ (?:altogether|in all)"
      + "|again|(?:come|comes|came) back|return|returns|returned");
  private static final Pattern HISTORY = words("when|ever|never|last|latest|first|earliest|recently"
      + "|most recent|earlier|before|previously|so far"
      + "|(?:until|till|up to|by) (?:now|this moment|the present)");
  private static final Pattern NOW =
      words("now|at the moment|currently|at present|at this moment|presently|at this point");

  /** "Left" is no verb in "on the left", "moving left", "left of the tree", "left or right". */
  private static final String LEFT =
      "(?<!\\b(?:the|on|at|to|is|are|go|goes|move|or|upper|lower|far|top|bottom)[ -])(?<!ing )"
          + "left(?! (?:side|hand|half|part|edge|corner|of|or|and|is|are))";

  private static final Pattern PAST =
      words("did|didn't|was|wasn't|were|weren't|saw|(?<!to be )seen|had|been"
          + "|happened|appeared|already|once|yet|at any time|at any point|at some point|at all"
          + "|remember|recall"
          + "|came|arrived|entered|(?:showed|turned) up|followed|preceded|replaced|went|" + LEFT
          + "|(?:has|have|hasn't|haven't)(?: [a-z'-]+){0,5} (?:[a-z]+ed|come|gone|shown|left)");

  private static final String PRESENT =
      "(?:now|today|this moment|this point|this time|the present|all|long|and|or|but|then)\\b";
  private static final String NAMED = " (?!" + PRESENT + ")[a-z][a-z'-]*";
  private static final String CAME =
      "(?:came|come|appeared|arrived|entered|went|was|were|seen|(?:showed|turned) up)";
  private static final String LEFT_VIEW = "(?:was|were|is|are|had|has|have) (?:already )?"
      + "(?:gone|left|disappeared|vanished|no longer|not? (?:there|visible) any ?more)"
      + "|left|went|goes|leaves|disappeared|disappears|vanished|vanishes";

  private static final Pattern BEFORE = words("(?:before|prior to)" + NAMED
      + "|(?:preceded|precedes|preceding)(?! by\\b)" + NAMED
      + "|" + CAME + " (?:[a-z]+ ){0,3}ahead of" + NAMED
      + "|preceded by(?=\\s*[?.!]|$)"
      + "|(?:followed|replaced) by" + NAMED);
  private static final Pattern AFTER = words("after" + NAMED
      + "|(?:followed|follows|replaced|replaces)(?! (?:by|with)\\b)" + NAMED
      + "|did (?:[a-z]+ ){0,4}(?:follow|replace)" + NAMED
      + "|(?:followed by|replaced (?:by|with))(?=\\s*[?.!]|$)"
      + "|preceded by" + NAMED
      + "|once (?:(?:the|this|that) [a-z'-]+|it|they) [a-z'-]+"
      + "|(?<!tell me |say |know |remember |recall )(?:when|as soon as) "
      + "(?:the|an?|it|they|that|this)(?: [a-z'-]+){0,4}? (?:" + LEFT_VIEW + ")"
      + "|the next (?:thing|one|object)");

  private static final String ASKED = "(?:what|which|anything|something|who)\\b.*\\b";
  private static final Pattern WENT = words(ASKED + "(?:disappear(?:s|ed)?|vanish(?:es|ed)?|gone"
      + "|went away|missing|no longer|any ?more|" + LEFT + ")");
  private static final Pattern ENTERED = words(ASKED + "(?:chang(?:e|es|ed)|new|different|added"
      + "|appear(?:s|ed)?|arrived?|came|come|comes"
      + "|enter(?:s|ed)?|(?:show(?:s|ed)?|turn(?:s|ed)?) up"
      + "|wasn't there|not there before)");
  private static final Pattern NUMBER =
      words("(?:how many|number of)(?: the)? (?:different|distinct|various|separate)");

  private QuestionTense() {}

  static Pattern words(String alternatives) {
    return Pattern.compile("(?<![a-z])(?:" + alternatives + ")(?![a-z])", Pattern.CASE_INSENSITIVE);
  }

  /** "When did you see …?" asks for the last time unless it says otherwise. */
  static RecallQuery.Order order(String words) {
    if (EVERY.matcher(words).find()) {
      return RecallQuery.Order.EVERY;
    }
    boolean first = OLDEST.matcher(words).find();
    if (HOW_LONG.matcher(words).find() && !first) {
      return RecallQuery.Order.WHOLE;
    }
    if (NEWEST.matcher(words).find()) {
      return RecallQuery.Order.NEWEST;
    }
    if (first) {
      return RecallQuery.Order.OLDEST;
    }
    return WHEN_PAST.matcher(words).find() ? RecallQuery.Order.NEWEST : RecallQuery.Order.RELEVANCE;
  }

  /** Whether it asks what came before or after a thing; a question about every time does not. */
  static Neighbour neighbour(String words) {
    if (EVERY.matcher(words).find()) {
      return Neighbour.NONE;
    }
    if (BEFORE.matcher(words).find()) {
      return Neighbour.BEFORE;
    }
    return AFTER.matcher(words).find() ? Neighbour.AFTER : Neighbour.NONE;
  }

  /** For a question that names no moment and no stretch. */
  static About about(String words) {
    if (HISTORY.matcher(words).find()
        || EVERY.matcher(words).find()
        || HOW_LONG.matcher(words).find()
        || NEWEST.matcher(words).find()
        || neighbour(words) != Neighbour.NONE) {
      return About.HISTORY;
    }
    return PAST.matcher(words).find() && !saysNow(words) ? About.HISTORY : About.NOW;
  }

  /** What it asks of comings and goings, where it asks for no time, neighbour or end of time. */
  static Change change(String words) {
    if (neighbour(words) != Neighbour.NONE || order(words) != RecallQuery.Order.RELEVANCE) {
      return Change.NONE;
    }
    if (NUMBER.matcher(words).find()) {
      return saysNow(words) ? Change.NONE : Change.NUMBER;
    }
    if (WENT.matcher(words).find()) {
      return Change.LEFT;
    }
    return ENTERED.matcher(words).find() ? Change.CAME : Change.NONE;
  }

  static boolean saysNow(String words) {
    return NOW.matcher(words).find();
  }
}
