package org.onlooker.ingest;

/**
 * Chooses which decoded frames are kept: the first, then the first at or after each point of a grid
 * of {@code 1 / fps} seconds that starts there. Frames keep their own PTS, so that a source slower
 * than the grid is kept whole. A PTS that jumps back starts a new grid.
 */
final class FrameSampler {
  /** Time bases such as 1/1000 put a frame that lies on the grid just before it. */
  static final long SLACK_MICROS = 1_000;

  /** Smaller steps back are disorder within a stream, not a jump. */
  private static final long JUMP_BACK_MICROS = 500_000;

  private final double fps;
  private boolean started;
  private long gridStart;
  private long lastPts;
  private long nextIndex;

  FrameSampler(double fps) {
    if (!(fps > 0)) {
      throw new IllegalArgumentException("fps is " + fps + ", must be positive");
    }
    this.fps = fps;
  }

  boolean keeps(long ptsMicros) {
    boolean jumped = started && ptsMicros < lastPts - JUMP_BACK_MICROS;
    if (!started || jumped) {
      started = true;
      gridStart = ptsMicros;
      nextIndex = 0;
    }
    lastPts = ptsMicros;
    double index = (ptsMicros + SLACK_MICROS - gridStart) * fps / 1e6;
    if (index < nextIndex) {
      return false;
    }
    nextIndex = (long) Math.floor(index) + 1;
    return true;
  }
}
