package org.onlooker.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words that somebody looks for in what was said, without those that say nothing. */
final class SaidWords {
  private static final Set<String> EMPTY = Set.of(
      "a", "an", "and", "any", "are", "at", "did", "do", "in", "is", "it", "of", "on", "or", "some",
      "the", "there", "to", "was", "were", "when", "where", "who", "with");

  private final List<String> wanted;

  SaidWords(String text) {
    wanted = wordsOf(text).stream().filter(word -> !EMPTY.contains(word)).toList();
  }

  /** Of 0 to 1, how much of {@code said} was looked for; 0 where a word is not in it. */
  double share(String said) {
    Set<String> words = new LinkedHashSet<>(wordsOf(said));
    words.removeAll(EMPTY);
    long found = wanted.stream()
        .filter(word -> words.stream().anyMatch(one -> isSame(word, one)))
        .count();
    return wanted.isEmpty() || found < wanted.size() ? 0 : (double) found / words.size();
  }

  /** The same word, or one of them its plural. */
  private static boolean isSame(String one, String other) {
    return one.equals(other) || isPlural(one, other) || isPlural(other, one);
  }

  private static boolean isPlural(String many, String one) {
    return many.equals(one + "s") || many.equals(one + "es");
  }

  /** In lower case. */
  static List<String> wordsOf(String text) {
    return List.of(text.toLowerCase(Locale.ROOT).strip().split("[^\\p{L}\\p{N}]+"));
  }
}
