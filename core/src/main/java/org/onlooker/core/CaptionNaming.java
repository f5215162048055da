package org.onlooker.core;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which name in captions a question means, whatever word it uses for it: the one whose vector is
 * nearest. For packs whose captions list what is there; safe for use by several threads.
 */
final class CaptionNaming {
  /** Below it a question names something else, or nothing. */
  private static final double COSINE_MIN = 0.7;

  /** So many names are compared at most; captions with more of them are no lists. */
  private static final int NAMES_MAX = 4096;

  /** So many are looked for at once: "red" may be in the names of everything. */
  private static final int NAMED_MAX = 32;

  private final MemoryIndex index;
  private final TextEmbedder embedder;
  private final Map<String, float[]> vectors = new ConcurrentHashMap<>();

  CaptionNaming(MemoryIndex index, TextEmbedder embedder) {
    this.index = index;
    this.embedder = embedder;
  }

  /** @param question unit vector, or empty where the pack has none */
  Optional<String> meant(float[] question) {
    Optional<String> best = Optional.empty();
    double highest = COSINE_MIN;
    for (String name : index.names(question.length == 0 ? 0 : NAMES_MAX)) {
      double cosine = Cosine.of(question, vectors.computeIfAbsent(name, embedder::embed));
      if (cosine >= highest) {
        highest = cosine;
        best = Optional.of(name);
      }
    }
    return best;
  }

  /**
   * Every name that words stand for: those that they hold ("a dog and a cat"); else those that hold
   * all their words that any name has ("the circle": a red one, a blue one); else, where no name
   * has any of them, the one {@link #meant} ("puppy"). None for "red cross" where nothing red was a
   * cross.
   */
  List<String> named(String words, float[] vector) {
    Set<String> names = index.names(NAMES_MAX);
    Set<String> asked = singular(words);
    List<String> held = names.stream()
        .filter(name -> asked.containsAll(SaidWords.wordsOf(name)))
        .toList();
    if (!held.isEmpty()) {
      return held;
    }
    Set<String> known = new HashSet<>();
    names.forEach(name -> known.addAll(SaidWords.wordsOf(name)));
    known.retainAll(asked);
    return known.isEmpty()
        ? meant(vector).stream().toList()
        : names.stream()
            .filter(name -> SaidWords.wordsOf(name).containsAll(known))
            .limit(NAMED_MAX)
            .toList();
  }

  /** The words, also without the endings of plurals. */
  private static Set<String> singular(String words) {
    Set<String> all = new HashSet<>();
    for (String word : SaidWords.wordsOf(words)) {
      all.add(word);
      all.add(word.replaceFirst("s$", ""));
      all.add(word.replaceFirst("es$", ""));
    }
    return all;
  }
}
