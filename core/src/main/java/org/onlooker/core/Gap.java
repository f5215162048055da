package org.onlooker.core;

/** A stretch in which a stream was not watched, and why. */
public record Gap(Span span, String reason) {
  /** A hole of so many clips is a gap; a shorter one is continuous watching. */
  private static final int CLIPS_MIN = 2;

  /** Whether there is a gap from the end of what was watched to the next clip. */
  static boolean isBetween(Pts watchedThrough, Span clip) {
    return clip.start().micros() - watchedThrough.micros() >= CLIPS_MIN * clip.micros();
  }
}
