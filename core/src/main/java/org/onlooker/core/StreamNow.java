package org.onlooker.core;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a stream's clocks stand.
 *
 * @param startTime wall time of media time 0
 * @param now media time of the present: wall time for a live stream, else what has been stored
 * @param live moments are told to people in wall time
 * @param trouble why nothing is seen at present
 */
public record StreamNow(Instant startTime, Pts now, boolean live, Optional<String> trouble) {}
