package org.onlooker.retrieval;

import java.util.regex.Pattern;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Change;
import org.onlooker.core.TimedQuestion.Neighbour;

/** What the words of a question say about time beside its time expressions. */
final class QuestionTense {
  private static final Pattern NEWEST =
      words("last(?! moments?\\b(?! (?:there|with|of|that|when)\\b))"
          + "|latest|final|most recent|most recently|recently|how long ago"
          + "|(?:until|till) when|how long since|lose sight|lost sight|stop(?:ped)? seeing");
  private static final Pattern WHEN_PAST = words("when (?:exactly )?(?:did|was|were|has|have)");
  private static final Pattern OLDEST =
      words("first|earliest|initially|debut|(?:since|from) when(?: on)?|begin to be|began to be");

  /** "Since when is it gone?" asks for the last time, "since when is it there?" for the first. */
  private static final Pattern GONE = words("(?:is|are|was|has|'s) (?:[a-z' -]+ )?"
      + "(?:gone|missing|away|no longer|not (?:there|visible|seen) any ?more)");

  private static final Pattern SINCE_WHEN = words("since when|how long (?:is|are|has|have)");
  private static final Pattern HOW_LONG = words("how long(?! ago| since)"
      + "|(?:how many|number of) (?:seconds?|secs?|minutes?|mins?|hours?)|how much time|duration"
      + "|for what time|length of (?!(?:the )?(?:stream|video|recording|film))");

  private static final String SIGHTINGS =
      "(?:times|visits?|appearances?|sightings?|entries|occasions|moments)";
  private static final String COUNT = "(?:number|count|total|sum|amount)";
  private static final Pattern EVERY = words("how (?:often|frequent(?:ly)?|regularly)"
      + "|(?:how many|which|(?:(?:at|on|during) )?what|what were the|what are the) "
      + "(?:different |separate )?" + SIGHTINGS
      + "|(?:all|all of|each of|list|name|give me|tell me|count|sum up|add up) the " + SIGHTINGS
      + "|(?:all|all of|list|name) (?:its |their |his |her )?(?:[a-z]+ )?" + SIGHTINGS
      + "|(?:every|each) (?:single )?" + SIGHTINGS.replace("s|", "s?|").replace("ies", "y")
      + "|" + COUNT + " of (?:the |all )?" + SIGHTINGS
      + "|(?:times|moments|timestamps) (?:of|for|with)"
      + "|when [a-z' -]+ (?:altogether|in all|in total)|when (?:in total|all|all in all)"
      + "|when .*\\b(?:all of (?:them|it)|each time|every time)"
      + "|when (?:exactly )?(?:were|are) (?:there )?(?:any )?[a-z]+s"
      + "(?=\\s*(?:there|seen)?\\s*[?.!,]|$)"
      + "|once or (?:twice|more|several)|(?:just|only) once"
      + "|again|(?:come|comes|came) back|return|returns|returned");
  private static final Pattern HISTORY = words("when|ever|never|last|latest|first|earliest|recently"
      + "|initially|debut|any (?:sign|trace|sighting|glimpse)s? of|a glimpse of|yes or no"
      + "|(?:is|was) there .* in (?:the|this|your) (?:stream|recording|video|memory)"
      + "|most recent|earlier|before|previously|so far"
      + "|(?:until|till|up to|by) (?:now|this moment|the present)");
  private static final Pattern NOW =
      words("(?<!until |till |up to |by )now|at the moment|currently|at present|at this moment"
          + "|presently|at this point");

  /** "Left" is no verb in "on the left", "moving left", "left of the tree", "left or right". */
  private static final String LEFT =
      "(?<!\\b(?:the|on|at|to|is|are|go|goes|move|or|upper|lower|far|top|bottom)[ -])(?<!ing )"
          + "left(?! (?:side|hand|half|part|edge|corner|of|or|and|is|are))";

  private static final Pattern PAST =
      words("did|didn't|was|wasn't|were|weren't|saw|(?<!to be )seen|had|been"
          + "|happened|appeared|already|once|yet|at any time|at any point|at some point|at all"
          + "|remember|recall"
          + "|came|arrived|entered|(?:showed|turned) up|followed|preceded|replaced|went|" + LEFT
          + "|(?:has|have|hasn't|haven't)(?: [a-z'-]+){0,5} "
          + "(?:(?!red\\b)[a-z]+ed|come|gone|shown|left)");

  private static final String PRESENT =
      "(?:now|today|this moment|this point|this time|the present|all|long|and|or|but|then)\\b";
  private static final String NAMED = " (?!" + PRESENT + ")[a-z][a-z'-]*";
  private static final String CAME =
      "(?:came|come|appeared|arrived|entered|joined|got here|went|was|were|seen"
          + "|(?:showed|turned|popped) up)";
  private static final String LEFT_VIEW = "(?:was|were|is|are|had|has|have) (?:already )?"
      + "(?:gone|left|disappeared|vanished|no longer|not? (?:there|visible) any ?more)"
      + "|left|went|goes|leaves|disappeared|disappears|vanished|vanishes";

  private static final Pattern BEFORE = words("(?:before|prior to)" + NAMED
      + "|(?:preceded|precedes|preceding)(?! by\\b)" + NAMED
      + "|" + CAME + " (?:[a-z]+ ){0,3}ahead of" + NAMED
      + "|(?:^|\\b(?:thing|object|one|then|and) )(?:right |just )?ahead of" + NAMED
      + "|the one before(?=\\s*[?.!,]|$)"
      + "|preceded by(?=\\s*[?.!]|$)"
      + "|(?:followed|replaced) by" + NAMED);
  private static final Pattern AFTER = words("after" + NAMED
      + "|(?:followed|follows|replaced|replaces|succeeded)(?! (?:by|with)\\b)" + NAMED
      + "|" + CAME + " (?:[a-z]+ ){0,3}behind" + NAMED
      + "|" + CAME + " (?:next|thereafter)(?=\\s*[?.!,]|$)|^(?:and )?(?:next|then),"
      + "|(?:thing|object|one) (?:right )?(?:behind|following)" + NAMED
      + "|came following" + NAMED
      + "|the one after(?=\\s*[?.!,]|$)"
      + "|did (?:[a-z]+ ){0,4}(?:follow|replace)" + NAMED
      + "|(?:followed by|replaced (?:by|with))(?=\\s*[?.!]|$)"
      + "|preceded by" + NAMED
      + "|once (?:(?:the|this|that) [a-z'-]+|it|they) [a-z'-]+"
      + "|(?<!tell me |say |know |remember |recall )(?:when|as soon as) "
      + "(?:the|an?|it|they|that|this)(?: [a-z'-]+){0,4}? (?:" + LEFT_VIEW + ")"
      + "|the next (?:thing|one|object)");

  private static final String ASKED = "(?:what|which|anything|something|who)\\b.*\\b";
  private static final Pattern WENT = words(ASKED + "(?:disappear(?:s|ed)?|vanish(?:es|ed)?|gone"
      + "|(?:went|walked|moved|got) (?:away|off|out)|exit(?:s|ed)?|los[et]|lost"
      + "|missing|no longer|any ?more|" + LEFT + ")");
  private static final Pattern ENTERED = words(ASKED + "(?:chang(?:e|es|ed)|new|different|added"
      + "|appear(?:s|ed)?|arrived?|came|come|comes|joined|emerged?|got in|dropped in"
      + "|enter(?:s|ed)?|(?:show(?:s|ed)?|turn(?:s|ed)?|popp?(?:s|ed)?) up"
      + "|wasn't there|not there before)"
      + "|any (?:changes?|news|newcomers?|additions?|new arrivals?)|(?:the )?newcomers|^news"
      + "|(?:new things|arrivals|entries)(?=\\s*[?.!,]|$)|the arrivals"
      + "|update me|up to date|(?:did|have) i miss(?:ed)?");
  private static final String DIFFERENT =
      "(?:different|distinct|various|separate|individual|unlike)";
  private static final Pattern NUMBER = words("(?:how many|" + COUNT + "(?: number)?(?: of)?)"
      + "(?: all)?(?: the)? " + DIFFERENT
      + "|how many (?:kinds|sorts|types) of"
      + "|" + COUNT + " of all (?:the )?(?:objects|things)"
      + "|" + DIFFERENT + " [a-z]+(?: [a-z]+)*,? how many");

  private QuestionTense() {}

  static Pattern words(String alternatives) {
    return Pattern.compile("(?<![a-z])(?:" + alternatives + ")(?![a-z])", Pattern.CASE_INSENSITIVE);
  }

  /** "When did you see …?" asks for the last time unless it says otherwise. */
  static RecallQuery.Order order(String words) {
    if (EVERY.matcher(words).find()) {
      return RecallQuery.Order.EVERY;
    }
    boolean gone = GONE.matcher(words).find();
    boolean first = OLDEST.matcher(words).find() && !gone;
    if (gone && SINCE_WHEN.matcher(words).find()) {
      return RecallQuery.Order.NEWEST;
    }
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
