package org.onlooker.core;

import java.util.Locale;
import java.util.Set;

/** Tells answers that deny: they have no moment to show. */
final class Negation {
  private static final Set<String> DENYING = Set.of("no", "never", "nothing", "not", "none");

  private Negation() {}

  static boolean opens(String answer) {
    String[] words = answer.strip().toLowerCase(Locale.ROOT).split("[^a-z]+", 2);
    return DENYING.contains(words[0]);
  }
}
