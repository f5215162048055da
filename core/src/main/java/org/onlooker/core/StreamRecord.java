package org.onlooker.core;

import java.time.Instant;

/** A stream as it is kept over restarts: what was asked, and when media time 0 was. */
public record StreamRecord(StreamSpec spec, Instant startTime) {}
