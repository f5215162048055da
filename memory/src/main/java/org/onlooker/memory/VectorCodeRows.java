package org.onlooker.memory;

import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.onlooker.core.KvScales;

/**
 * Eight channels at a time, where a row's bytes are a multiple of eight. Multiplies and adds in two
 * steps, as {@link PlainCodeRows} does, so that both give the same bits.
 */
final class VectorCodeRows implements CodeRows {
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  private static final int LANES = 8;
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

  private final PlainCodeRows plain = new PlainCodeRows();

  @Override
  public void unpack(
      MemorySegment from,
      long fromByte,
      KvScales.Part scales,
      int first,
      MemorySegment to,
      long toIndex,
      int channels) {
    int bits = scales.bits();
    int bytes = channels * bits / Byte.SIZE;
    if (bytes % LANES != 0 || bytes * Byte.SIZE != channels * bits) {
      plain.unpack(from, fromByte, scales, first, to, toIndex, channels);
      return;
    }
    for (int i = 0; i < bytes; i += LANES) {
      var packed = (IntVector) ByteVector.fromMemorySegment(BYTES, from, fromByte + i, NATIVE)
          .convertShape(B2I, INTS, 0);
      for (int c = i; c < channels; c += bytes) {
        var codes = (FloatVector)
            packed.lanewise(LSHR, c / bytes * bits).and((1 << bits) - 1).convert(I2F, 0);
        codes
            .mul(FloatVector.fromArray(FLOATS, scales.steps(), first + c))
            .add(FloatVector.fromArray(FLOATS, scales.offsets(), first + c))
            .intoMemorySegment(to, (toIndex + c) * Float.BYTES, NATIVE);
      }
    }
  }
}
