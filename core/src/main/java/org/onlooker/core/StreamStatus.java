package org.onlooker.core;

import java.time.Instant;
import java.util.Optional;

/**
 * A stream as seen from outside.
 *
 * @param since when it entered {@code state}
 * @param errorCode {@link SourceError#code} or {@link StoreException.Reason#code} of the last
 *     trouble, while it lasts
 * @param reason for people, while there is trouble
 * @param storedThrough end of the last acknowledged clip
 * @param recording of the source's encoded media
 */
public record StreamStatus(
    StreamSpec spec,
    StreamState state,
    Instant since,
    Optional<String> errorCode,
    Optional<String> reason,
    Instant startTime,
    Optional<Pts> storedThrough,
    Optional<SourceInfo> source,
    Recording recording,
    StreamCounters.Reading counters) {}
