package org.onlooker.ingest;

/** From the first to the last picture of some packets; times in microseconds. */
final class PtsRange {
  private long fromMicros = Long.MAX_VALUE;
  private long toMicros = Long.MIN_VALUE;

  void add(long ptsMicros) {
    fromMicros = Math.min(fromMicros, ptsMicros);
    toMicros = Math.max(toMicros, ptsMicros);
  }

  /** Whether a frame with this PTS may be of one of the packets; of none where there are none. */
  boolean mayHold(long ptsMicros) {
    return fromMicros <= ptsMicros && ptsMicros <= toMicros;
  }

  void clear() {
    fromMicros = Long.MAX_VALUE;
    toMicros = Long.MIN_VALUE;
  }
}
