package org.onlooker.language;

import java.util.List;

/** Whole numbers below a thousand in English words, as the SmolVLM processor writes them. */
final class NumberWords {
  private static final List<String> SMALL = List.of(
      "zero",
      "one",
      "two",
      "three",
      "four",
      "five",
      "six",
      "seven",
      "eight",
      "nine",
      "ten",
      "eleven",
      "twelve",
      "thirteen",
      "fourteen",
      "fifteen",
      "sixteen",
      "seventeen",
      "eighteen",
      "nineteen");
  private static final List<String> TENS =
      List.of("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");

  private NumberWords() {}

  static String of(int number) {
    if (number < 0 || number > 999) {
      throw new IllegalArgumentException("no words for " + number + ", only for 0 to 999");
    }
    if (number < 20) {
      return SMALL.get(number);
    }
    if (number < 100) {
      int ones = number % 10;
      return TENS.get(number / 10) + (ones == 0 ? "" : "-" + SMALL.get(ones));
    }
    int rest = number % 100;
    return SMALL.get(number / 100) + " hundred" + (rest == 0 ? "" : " and " + of(rest));
  }
}
