package org.onlooker.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an answer reads on a sign: what it quotes, or what it says "the sign says". */
final class SignText {
  private static final Pattern QUOTED = Pattern.compile("[\"\u201c']([^\"\u201d']+)[\"\u201d']");
  private static final Pattern OPENING =
      Pattern.compile("^(?:(?:it|the sign|a sign|that|the sign in the picture) )?"
          + "(?:says|said|reads|read|shows|showed|is|was)? ?(?:the (?:word|number) )?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private SignText() {}

  static boolean is(String truth, String said) {
    Matcher quoted = QUOTED.matcher(said);
    String read = quoted.find() ? quoted.group(1) : OPENING.matcher(said).replaceFirst("");
    String sign = letters(truth);
    return letters(read).equals(sign)
        || (NUMBER.matcher(sign).matches()
            && letters(SpokenNumbers.inDigits(read)).equals(sign));
  }

  private static String letters(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
  }
}
