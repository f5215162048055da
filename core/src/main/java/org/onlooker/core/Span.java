package org.onlooker.core;

/** A half-open stretch of media time: {@code start} belongs to it, {@code end} does not. */
public record Span(Pts start, Pts end) {
  public static final Span ALL = new Span(new Pts(0), new Pts(Long.MAX_VALUE));

  public Span {
    if (end.isBefore(start)) {
      throw new IllegalArgumentException("span ends before it starts: " + start + " to " + end);
    }
  }

  public static Span ofSeconds(double start, double end) {
    return new Span(Pts.ofSeconds(start), Pts.ofSeconds(end));
  }

  public boolean contains(Pts pts) {
    return !pts.isBefore(start) && pts.isBefore(end);
  }

  public boolean overlaps(Span other) {
    return start.isBefore(other.end) && other.start.isBefore(end);
  }

  /** Whether all of {@code other} is within this span. */
  public boolean holds(Span other) {
    return !other.start.isBefore(start) && !end.isBefore(other.end);
  }

  /** The part of this span up to {@code limit}; empty (start = end) when it begins later. */
  public Span until(Pts limit) {
    if (!limit.isBefore(end)) {
      return this;
    }
    return new Span(start, limit.isBefore(start) ? start : limit);
  }

  /** Its length. */
  long micros() {
    return end.micros() - start.micros();
  }

  /** Microseconds from {@code pts} to the nearest one that this span holds; zero inside. */
  public long distanceMicros(Pts pts) {
    if (pts.isBefore(start)) {
      return start.micros() - pts.micros();
    }
    return contains(pts) ? 0 : pts.micros() - end.micros() + 1;
  }
}
