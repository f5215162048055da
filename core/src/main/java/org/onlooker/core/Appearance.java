package org.onlooker.core;

/**
 * One stretch in which what a question names was there.
 *
 * @param span from the start of its first clip to the end of its last
 * @param clipCount clips that match in it
 */
public record Appearance(Span span, long clipCount, Recalled first, Recalled last) {
  public static Appearance of(Recalled clip) {
    return new Appearance(clip.span(), 1, clip, clip);
  }

  /** This one and a later one together. */
  Appearance with(Appearance next) {
    Pts end = span.end().isBefore(next.span().end()) ? next.span().end() : span.end();
    return new Appearance(
        new Span(span.start(), end), clipCount + next.clipCount(), first, next.last());
  }

  long holeMicros(Appearance next) {
    return next.span().start().micros() - span.end().micros();
  }
}
