package org.onlooker.core;

import java.util.Map;

/**
 * A clip that was recalled.
 *
 * @param score fused over the signals; comparable within one recall only
 * @param signals each signal that found it and that signal's own score: {@code embedding} (cosine),
 *     {@code caption} (BM25), {@code time}, {@code recent}, {@code order} (came near what was
 *     named, or in the stretch asked about), {@code dialogue} (an earlier turn was about it),
 *     {@code spread} (one of the stretch asked about)
 */
public record Recalled(ClipKey key, Span span, double score, Map<String, Double> signals) {
  /** A clip that one signal chose as it stands, without a degree. */
  static Recalled chosen(ClipEntry clip, String signal, double score) {
    return new Recalled(clip.key(), clip.span(), score, Map.of(signal, 1.0));
  }
}
