package org.onlooker.language;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The plain form is the truth for the one with vectors. */
final class RowTurnTest {
  private final Random random = new Random(11);

  @Test
  void turn_plainAndVectors_giveTheSameBits() {
    try (Arena arena = Arena.ofConfined()) {
      for (int half : new int[] {1, 3, 8, 16, 20, 32, 48, 64}) {
        float[] cos = floats(3 * half);
        float[] sin = floats(3 * half);
        MemorySegment row = arena.allocateFrom(JAVA_FLOAT, floats(2 * half + 2));
        MemorySegment expected = arena.allocate(row.byteSize(), Float.BYTES).copyFrom(row);
        new PlainRowTurn().turn(cos, sin, half, half, row, 1, expected, 1);
        MemorySegment inPlace = arena.allocate(row.byteSize(), Float.BYTES).copyFrom(row);
        new VectorRowTurn().turn(cos, sin, half, half, inPlace, 1, inPlace, 1);
        assertThat(inPlace.mismatch(expected)).as("half %d", half).isEqualTo(-1);
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
