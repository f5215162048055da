package org.onlooker.core;

import java.time.Instant;

/** What listings and the index know of a remembered clip; fields as in {@link Memory}. */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record ClipEntry(
    ClipKey key,
    Span span,
    Instant startTime,
    String fingerprint,
    String caption,
    float[] embedding) {}
