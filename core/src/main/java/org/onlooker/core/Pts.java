package org.onlooker.core;

/** Media time: microseconds since the stream's start, never running backwards within a stream. */
public record Pts(long micros) implements Comparable<Pts> {
  public static final Pts ZERO = new Pts(0);

  public static Pts ofSeconds(double seconds) {
    return new Pts(Math.round(seconds * 1e6));
  }

  public double seconds() {
    return micros / 1e6;
  }

  public Pts plusMicros(long delta) {
    return new Pts(micros + delta);
  }

  public boolean isBefore(Pts other) {
    return micros < other.micros;
  }

  @Override
  public int compareTo(Pts other) {
    return Long.compare(micros, other.micros);
  }
}
