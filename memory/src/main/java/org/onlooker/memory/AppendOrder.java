package org.onlooker.memory;

import org.onlooker.core.ClipEntry;
import org.onlooker.core.Span;

/** The order that {@link org.onlooker.core.MemoryStore#append} asks for. */
final class AppendOrder {
  private AppendOrder() {}

  static void check(ClipEntry clip, long nextSequence, Span newest) {
    if (clip.key().sequence() < nextSequence) {
      throw new IllegalArgumentException("clip " + clip.key() + " comes after sequence "
          + (nextSequence - 1) + "; sequences must rise");
    }
    Span span = clip.span();
    if (span.start().isBefore(newest.start()) || span.end().isBefore(newest.end())) {
      throw new IllegalArgumentException(
          "clip " + clip.key() + " at " + span + " lies before its predecessor at " + newest);
    }
  }
}
