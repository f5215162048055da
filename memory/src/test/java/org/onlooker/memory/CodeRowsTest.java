package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.KvScales;

/** The plain form is the truth for the one with vectors. */
final class CodeRowsTest {
  private final Random random = new Random(7);

  @Test
  void unpack_plainAndVectors_giveTheSameBits() {
    CodeRows plain = new PlainCodeRows();
    CodeRows vectors = new VectorCodeRows();
    try (Arena arena = Arena.ofConfined()) {
      for (int bits : new int[] {2, 4, 8}) {
        for (int channels : new int[] {1, 5, 8, 16, 32, 40, 64, 80, 128}) {
          KvScales.Part scales =
              new KvScales.Part(bits, floats(2 * channels), floats(2 * channels));
          MemorySegment row = arena.allocate(3 + CodeRows.rowBytes(channels, bits));
          for (long i = 0; i < row.byteSize(); i++) {
            row.set(JAVA_BYTE, i, (byte) random.nextInt());
          }
          MemorySegment expected = arena.allocate(Float.BYTES * (channels + 2L), Float.BYTES);
          MemorySegment actual = arena.allocate(Float.BYTES * (channels + 2L), Float.BYTES);
          plain.unpack(row, 3, scales, channels, expected, 1, channels);
          vectors.unpack(row, 3, scales, channels, actual, 1, channels);
          assertThat(actual.mismatch(expected))
              .as("%d bits, %d", bits, channels)
              .isEqualTo(-1);
        }
      }
    }
  }

  private float[] floats(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }
}
