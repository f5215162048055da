package org.onlooker.ingest;

import java.math.BigInteger;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** Seconds per tick of a stream's timestamps, as a fraction. */
record TimeBase(long numerator, long denominator) {
  TimeBase(AVRational seconds) {
    this(seconds.num(), seconds.den());
  }

  long micros(long ticks) {
    return scaled(ticks, numerator * 1_000_000, denominator);
  }

  long ticks(long micros) {
    return scaled(micros, denominator, numerator * 1_000_000);
  }

  private static long scaled(long value, long times, long through) {
    long high = Math.multiplyHigh(value, times);
    long low = value * times;
    if (high == low >> 63) {
      return Math.floorDiv(low, through);
    }
    return BigInteger.valueOf(value)
        .multiply(BigInteger.valueOf(times))
        .divide(BigInteger.valueOf(through))
        .longValue();
  }
}
