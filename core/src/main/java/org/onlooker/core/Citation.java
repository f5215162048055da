package org.onlooker.core;

import java.time.Instant;
import java.util.Map;

/**
 * Proof in an answer: a span that plays.
 *
 * @param clip whose thumbnail shows it
 * @param signals as in {@link Recalled}; {@code answer} when the model named the moment itself
 */
public record Citation(
    StreamId stream,
    ClipKey clip,
    Span span,
    Instant startTime,
    Instant endTime,
    double score,
    Map<String, Double> signals) {}
