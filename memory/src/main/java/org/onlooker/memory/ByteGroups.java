package org.onlooker.memory;

import java.nio.ByteBuffer;

/**
 * Floats as signed bytes in groups of 32, each group with a scale of its own, little-endian:
 *
 * <pre>
 * scale    f16, of the group
 * numbers  i8[32], x ≈ number * scale; the last group may be shorter
 * </pre>
 *
 * The error is at most half a scale, which is the largest magnitude / 127, rounded up to f16.
 */
final class ByteGroups {
  private static final int GROUP = 32;
  private static final int LARGEST = 127;

  private ByteGroups() {}

  static int bytes(int count) {
    return count + Short.BYTES * ((count + GROUP - 1) / GROUP);
  }

  static void put(ByteBuffer to, float[] numbers) {
    for (int first = 0; first < numbers.length; first += GROUP) {
      int end = Math.min(first + GROUP, numbers.length);
      float largest = 0;
      for (int i = first; i < end; i++) {
        largest = Math.max(largest, Math.abs(numbers[i]));
      }
      short half = Fp16BlockCodec.halfFrom(largest / LARGEST);
      float scale = Float.float16ToFloat(half);
      to.putShort(half);
      for (int i = first; i < end; i++) {
        int number = scale == 0 ? 0 : Math.round(numbers[i] / scale);
        to.put((byte) Math.clamp(number, -LARGEST, LARGEST));
      }
    }
  }

  static float[] get(ByteBuffer from, int count) {
    float[] numbers = new float[count];
    for (int first = 0; first < count; first += GROUP) {
      float scale = Float.float16ToFloat(from.getShort());
      for (int i = first; i < Math.min(first + GROUP, count); i++) {
        numbers[i] = from.get() * scale;
      }
    }
    return numbers;
  }
}
