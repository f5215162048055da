package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ByteGroupsTest {
  @Test
  void get_isWithinHalfAScaleOfItsGroup() {
    Random random = new Random(1);
    for (int count : new int[] {0, 1, 31, 32, 33, 100}) {
      float[] numbers = new float[count];
      float[] largest = new float[count / 32 + 1];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) random.nextGaussian() * (i < 32 ? 1 : 1000);
        largest[i / 32] = Math.max(largest[i / 32], Math.abs(numbers[i]));
      }
      ByteBuffer bytes = ByteBuffer.allocate(ByteGroups.bytes(count));
      ByteGroups.put(bytes, numbers);
      assertThat(bytes.hasRemaining()).isFalse();
      float[] read = ByteGroups.get(bytes.flip(), count);
      for (int i = 0; i < count; i++) {
        assertThat(Math.abs(read[i] - numbers[i]))
            .isLessThanOrEqualTo(largest[i / 32] / 127 / 2 * 1.01f);
      }
    }
  }

  @Test
  void get_zeros_areZeros() {
    ByteBuffer bytes = ByteBuffer.allocate(ByteGroups.bytes(40));
    ByteGroups.put(bytes, new float[40]);
    assertThat(ByteGroups.get(bytes.flip(), 40)).containsOnly(0);
  }
}
