package org.onlooker.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in English words, up to a hundred and beyond in digits. */
final class SpokenNumbers {
  private static final String[] BELOW_TWENTY =
      ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
              + " fifteen sixteen seventeen eighteen nineteen")
          .split(" ");
  private static final String[] TENS =
      "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
  private static final Map<String, Integer> WORDS = words();
  private static final String TEN = String.join("|", TENS);
  private static final String ONE = String.join("|", BELOW_TWENTY).substring("zero|".length());
  private static final Pattern COMPOUND = Pattern.compile("\\b(" + TEN + ")[- ](" + ONE + ")\\b");
  private static final Pattern WORD =
      Pattern.compile("\\b(?:" + String.join("|", WORDS.keySet()) + ")\\b");
  private static final Pattern NUMBER = Pattern.compile("(?<![\\d.])\\d{1,9}(?![\\d.]*\\d)");

  private SpokenNumbers() {}

  private static Map<String, Integer> words() {
    Map<String, Integer> words = new HashMap<>(Map.of(
        "once", 1, "twice", 2, "thrice", 3, "hundred", 100, "dozen", 12, "couple", 2, "pair", 2));
    for (String none : "no none never nothing nobody".split(" ")) {
      words.put(none, 0);
    }
    for (int i = 0; i < BELOW_TWENTY.length; i++) {
      words.put(BELOW_TWENTY[i], i);
    }
    for (int i = 0; i < TENS.length; i++) {
      words.put(TENS[i], 10 * (i + 2));
    }
    return words;
  }

  /** {@code text}, lower case, with digits in the place of number words: "21 seconds". */
  static String inDigits(String text) {
    String whole = text.replaceAll("\\b(?:one|an?) (hundred|dozen|couple|pair)\\b", "$1");
    String compounds = COMPOUND.matcher(whole).replaceAll(found -> number(found, 1, 2));
    return WORD.matcher(compounds).replaceAll(found -> number(found, 0));
  }

  private static String number(MatchResult found, int... groups) {
    int sum = 0;
    for (int group : groups) {
      sum += WORDS.getOrDefault(found.group(group), 0);
    }
    return Integer.toString(sum);
  }

  /** The distinct whole numbers of a text. */
  static Set<Integer> in(String text) {
    Set<Integer> numbers = new TreeSet<>();
    Matcher number = NUMBER.matcher(inDigits(text));
    while (number.find()) {
      numbers.add(Integer.valueOf(number.group()));
    }
    return numbers;
  }
}
