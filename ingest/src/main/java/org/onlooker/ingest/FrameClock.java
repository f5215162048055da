package org.onlooker.ingest;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;

/** A frame's PTS in microseconds on the source's clock; a missing one follows the one before. */
final class FrameClock {
  private static final double USUAL_FRAME_RATE = 25;

  private final TimeBase timeBase;
  private final long frameMicros;
  private boolean ticked;
  private long lastMicros;

  /**
   * @param timeBase seconds per tick of the stream
   * @param frameRate frames per second; 0 when unknown
   */
  FrameClock(AVRational timeBase, double frameRate) {
    this.timeBase = new TimeBase(timeBase);
    this.frameMicros = frameMicros(frameRate);
  }

  /** From one frame to the next; a usual one where the rate is not known. */
  static long frameMicros(double frameRate) {
    return Math.round(1e6 / (frameRate > 0 ? frameRate : USUAL_FRAME_RATE));
  }

  long micros(AVFrame frame) {
    long ticks = frame.best_effort_timestamp();
    long micros;
    if (ticks != avutil.AV_NOPTS_VALUE) {
      micros = timeBase.micros(ticks);
    } else {
      micros = ticked ? lastMicros + frameMicros : 0;
    }
    ticked = true;
    lastMicros = micros;
    return micros;
  }

  /** Whether there was a frame at all. */
  boolean hasTicked() {
    return ticked;
  }
}
