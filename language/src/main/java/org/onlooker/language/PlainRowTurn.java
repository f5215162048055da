package org.onlooker.language;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Pair by pair. */
final class PlainRowTurn implements RowTurn {
  @Override
  public void turn(
      float[] cos,
      float[] sin,
      int first,
      int half,
      MemorySegment from,
      long fromIndex,
      MemorySegment to,
      long toIndex) {
    turnFrom(0, cos, sin, first, half, from, fromIndex, to, toIndex);
  }

  /** Leaves the pairs before {@code start} alone. */
  static void turnFrom(
      int start,
      float[] cos,
      float[] sin,
      int first,
      int half,
      MemorySegment from,
      long fromIndex,
      MemorySegment to,
      long toIndex) {
    for (int j = start; j < half; j++) {
      float c = cos[first + j];
      float s = sin[first + j];
      float one = from.getAtIndex(JAVA_FLOAT, fromIndex + j);
      float other = from.getAtIndex(JAVA_FLOAT, fromIndex + half + j);
      to.setAtIndex(JAVA_FLOAT, toIndex + j, one * c - other * s);
      to.setAtIndex(JAVA_FLOAT, toIndex + half + j, other * c + one * s);
    }
  }
}
