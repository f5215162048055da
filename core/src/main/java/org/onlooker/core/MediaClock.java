package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;

/**
 * Maps a source's own timestamps to the stream's media time, which never runs backwards.
 *
 * <p>A recording keeps its own spacing from its first frame on; read again from its start, its
 * frames get the times they had before, so that what is stored already can be left out. A live
 * source is anchored to wall time at each connection, so that an outage leaves a hole of its true
 * length, and follows the source's timestamps from there (they are steadier than arrival). No frame
 * shows the future: where a burst of kept frames at joining or a late first frame put media time
 * ahead of wall time, the offset is lowered, so that "ten seconds ago" means it. It is anchored
 * again when the timestamps jump or have drifted from wall time by more than {@value
 * #DRIFT_MICROS_MAX} µs; MediaMTX resets its estimate at 5 s as well.
 *
 * <p>Used by one thread.
 */
final class MediaClock {
  private static final long DRIFT_MICROS_MAX = 5_000_000;

  private final Instant startTime;
  private boolean live;
  private boolean anchored;
  private long offsetMicros;
  /** How far media time is ahead of wall time since the last anchoring (a clock set back). */
  private long leadMicros;

  private long lastSourceMicros;
  private long lastMicros;

  /**
   * @param startTime wall time of media time 0
   * @param after media time already used; later frames get later times
   */
  MediaClock(Instant startTime, Pts after) {
    this.startTime = startTime;
    this.lastMicros = after.micros() - 1;
  }

  /** A new connection; the next frame anchors it. */
  void connected(boolean isLive) {
    live = isLive;
    anchored = false;
  }

  /** The frame on the stream's media time. */
  Frame map(Frame frame) {
    long source = frame.pts().micros();
    return live ? mapLive(frame, source) : mapRecorded(frame, source);
  }

  private Frame mapRecorded(Frame frame, long source) {
    if (!anchored) {
      offsetMicros = -source;
      anchored = true;
    } else if (source <= lastSourceMicros) {
      offsetMicros += lastSourceMicros - source + 1;
    }
    lastSourceMicros = source;
    long micros = source + offsetMicros;
    return frame.at(new Pts(micros), startTime.plus(Duration.ofNanos(micros * 1_000)));
  }

  private Frame mapLive(Frame frame, long source) {
    long wallMicros = Duration.between(startTime, frame.wallTime()).toNanos() / 1_000;
    long driftMicros = source + offsetMicros - wallMicros - leadMicros;
    if (!anchored || source < lastSourceMicros || Math.abs(driftMicros) > DRIFT_MICROS_MAX) {
      leadMicros = Math.max(0, lastMicros + 1 - wallMicros);
      offsetMicros = wallMicros + leadMicros - source;
      anchored = true;
    }
    offsetMicros = Math.min(offsetMicros, wallMicros + leadMicros - source);
    lastSourceMicros = source;
    lastMicros = Math.max(source + offsetMicros, lastMicros + 1);
    return frame.at(new Pts(lastMicros), frame.wallTime());
  }
}
