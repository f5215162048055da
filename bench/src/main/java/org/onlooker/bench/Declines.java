package org.onlooker.bench;

import java.util.regex.Pattern;

/** Answers that say they cannot know. One that goes on to guess does not decline. */
final class Declines {
  private static final Pattern PHRASE =
      Pattern.compile("\\b(?:(?:do not|don't|did not|didn't|cannot|can't|could not|couldn't) "
          + "(?:really )?(?:know|tell|say|see that|remember|answer)"
          + "|no way (?:to know|of knowing)|not in (?:what i remember|my memory)"
          + "|i remember nothing|(?:was|were) not watching|wasn't watching"
          + "|not (?:sure|certain)|unable to|can only (?:tell|say) what"
          + "|no idea|nothing i (?:saw|have seen) (?:says|tells)"
          + "|have not seen anything of this stream)\\b");
  private static final Pattern GUESS =
      Pattern.compile("\\b(?:but|maybe|perhaps|probably|possibly|i think|i guess)\\b");

  private Declines() {}

  static boolean are(String said) {
    return PHRASE.matcher(said).find() && !GUESS.matcher(said).find();
  }
}
