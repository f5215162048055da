package org.onlooker.language;

import java.lang.foreign.MemorySegment;

/** Turns the pairs of one row of f32 in native memory; see {@link Rope}. */
interface RowTurn {
  /** What this machine does fastest; all give the same bits. */
  RowTurn FASTEST = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
      ? new VectorRowTurn()
      : new PlainRowTurn();

  /**
   * Turns {@code half} pairs by the angles from {@code first} on. Indices count floats; {@code
   * from} and {@code to} may be the same place.
   */
  void turn(
      float[] cos,
      float[] sin,
      int first,
      int half,
      MemorySegment from,
      long fromIndex,
      MemorySegment to,
      long toIndex);
}
