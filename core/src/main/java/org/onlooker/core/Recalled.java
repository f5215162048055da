package org.onlooker.core;

import java.util.Map;

/**
 * A clip that was recalled.
 *
 * @param score fused over the signals; comparable within one recall only
 * @param signals each signal that found it and that signal's own score: {@code embedding} (cosine),
 *     {@code caption} (BM25), {@code time}, {@code recent}
 */
public record Recalled(ClipKey key, Span span, double score, Map<String, Double> signals) {}
