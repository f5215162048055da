package org.onlooker.core;

import java.util.Map;
import java.util.Optional;
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
      double cosine = cosine(question, vectors.computeIfAbsent(name, embedder::embed));
      if (cosine >= highest) {
        highest = cosine;
        best = Optional.of(name);
      }
    }
    return best;
  }

  private static double cosine(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
