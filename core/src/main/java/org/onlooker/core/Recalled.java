package org.onlooker.core;

import java.util.Map;

/**
 * A clip that was recalled.
 *
 * @param score fused over the signals; comparable within one recall only
 * @param signals each signal that found it and that signal's own score: {@code embedding} (cosine),
 *     {@code caption} (BM25), {@code time}, {@code recent}, {@code order} (came near what was
 *     named), {@code dialogue} (an earlier turn was about it), {@code spread} (one of evenly many)
 */
public record Recalled(ClipKey key, Span span, double score, Map<String, Double> signals) {}
