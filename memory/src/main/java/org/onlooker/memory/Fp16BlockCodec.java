package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;

/**
 * Keys and values as IEEE 754 half floats, little-endian, in the order of {@link KvBlock}: all
 * keys, then all values. Relative error at most 2^-11; what is beyond ±65504 is clipped to it.
 */
public final class Fp16BlockCodec implements BlockCodec {
  static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final float LARGEST = 65504;
  private static final short LARGEST_HALF = 0x7BFF;

  @Override
  public byte id() {
    return 1;
  }

  @Override
  public long encodedBytes(KvShape shape, int tokenCount) {
    return 2L * Short.BYTES * shape.floatsPerToken() * tokenCount;
  }

  @Override
  public void encode(KvBlock block, MemorySegment to) {
    long count = (long) block.shape().floatsPerToken() * block.tokenCount();
    toHalf(block.keys(), to, count);
    toHalf(block.values(), to.asSlice(count * Short.BYTES), count);
  }

  @Override
  public void decode(MemorySegment from, KvBlock block) {
    long count = (long) block.shape().floatsPerToken() * block.tokenCount();
    fromHalf(from, block.keys(), count);
    fromHalf(from.asSlice(count * Short.BYTES), block.values(), count);
  }

  private static void toHalf(MemorySegment from, MemorySegment to, long count) {
    for (long i = 0; i < count; i++) {
      to.set(HALF, i * Short.BYTES, half(from.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  private static void fromHalf(MemorySegment from, MemorySegment to, long count) {
    for (long i = 0; i < count; i++) {
      to.setAtIndex(JAVA_FLOAT, i, Float.float16ToFloat(from.get(HALF, i * Short.BYTES)));
    }
  }

  /** The smallest half float from {@code least} on; {@code least} is not negative. */
  static short halfFrom(float least) {
    short half = half(least);
    boolean tooSmall = Float.float16ToFloat(half) < least && half < LARGEST_HALF;
    return tooSmall ? (short) (half + 1) : half;
  }

  /** The nearest finite half float. */
  static short half(float value) {
    return Float.floatToFloat16(Math.clamp(value, -LARGEST, LARGEST));
  }
}
