package org.onlooker.language;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many pairs at a time as the processor takes. Products and sums are rounded apart, as {@link
 * PlainRowTurn} rounds them, so that both give the same bits.
 */
final class VectorRowTurn implements RowTurn {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

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
    int end = SPECIES.loopBound(half);
    for (int j = 0; j < end; j += SPECIES.length()) {
      FloatVector c = FloatVector.fromArray(SPECIES, cos, first + j);
      FloatVector s = FloatVector.fromArray(SPECIES, sin, first + j);
      FloatVector one = load(from, fromIndex + j);
      FloatVector other = load(from, fromIndex + half + j);
      store(one.mul(c).sub(other.mul(s)), to, toIndex + j);
      store(other.mul(c).add(one.mul(s)), to, toIndex + half + j);
    }
    PlainRowTurn.turnFrom(end, cos, sin, first, half, from, fromIndex, to, toIndex);
  }

  private static FloatVector load(MemorySegment from, long index) {
    return FloatVector.fromMemorySegment(SPECIES, from, index * Float.BYTES, NATIVE);
  }

  private static void store(FloatVector vector, MemorySegment to, long index) {
    vector.intoMemorySegment(to, index * Float.BYTES, NATIVE);
  }
}
