package org.onlooker.memory;

import org.onlooker.core.Memory;
import org.onlooker.core.Span;

/** The order that {@link org.onlooker.core.MemoryStore#append} asks for. */
final class AppendOrder {
  private AppendOrder() {}

  static void check(Memory memory, long nextSequence, Span newest) {
    if (memory.key().sequence() < nextSequence) {
      throw new IllegalArgumentException("clip " + memory.key() + " comes after sequence "
          + (nextSequence - 1) + "; sequences must rise");
    }
    Span span = memory.span();
    if (span.start().isBefore(newest.start()) || span.end().isBefore(newest.end())) {
      throw new IllegalArgumentException(
          "clip " + memory.key() + " at " + span + " lies before its predecessor at " + newest);
    }
  }
}
