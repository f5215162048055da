package org.onlooker.ingest;

import java.math.BigInteger;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;

/** A frame's PTS in microseconds on the source's clock; a missing one follows the one before. */
final class FrameClock {
  private static final double USUAL_FRAME_RATE = 25;

  private final long numerator;
  private final long denominator;
  private final long frameMicros;
  private boolean ticked;
  private long lastMicros;

  /**
   * @param timeBase seconds per tick of the stream
   * @param frameRate frames per second; 0 when unknown
   */
  FrameClock(AVRational timeBase, double frameRate) {
    this.numerator = timeBase.num();
    this.denominator = timeBase.den();
    this.frameMicros = Math.round(1e6 / (frameRate > 0 ? frameRate : USUAL_FRAME_RATE));
  }

  long micros(AVFrame frame) {
    long ticks = frame.best_effort_timestamp();
    long micros;
    if (ticks != avutil.AV_NOPTS_VALUE) {
      micros = micros(ticks);
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

  private long micros(long ticks) {
    long high = Math.multiplyHigh(ticks, numerator * 1_000_000);
    long low = ticks * numerator * 1_000_000;
    if (high == low >> 63) {
      return Math.floorDiv(low, denominator);
    }
    return BigInteger.valueOf(ticks)
        .multiply(BigInteger.valueOf(numerator * 1_000_000))
        .divide(BigInteger.valueOf(denominator))
        .longValue();
  }
}
