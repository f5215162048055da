package org.onlooker.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Picture;
import org.onlooker.onnx.ModelPack;

class PixelNormalizerTest {
  @Test
  void pictures_normalised_equalReferencePixelValues() {
    PixelNormalizer normalizer =
        new PixelNormalizer(ModelPack.read(GoldenPixels.pack("tiny-smolvlm")).vision());
    for (String name : new String[] {"pixels-0", "pixels-1", "pixels-2"}) {
      float[] expected = GoldenPixels.array("tiny-smolvlm", name);
      Picture picture = GoldenPixels.picture(expected);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment target = arena.allocate(2L * expected.length * Float.BYTES);
        normalizer.write(picture, target, expected.length);
        float[] both = target.toArray(ValueLayout.JAVA_FLOAT);
        float[] second = Arrays.copyOfRange(both, expected.length, both.length);
        assertThat(GoldenPixels.largestDifference(second, expected)).isLessThan(1e-5f);
        assertThat(Arrays.copyOf(both, expected.length)).containsOnly(0f);
      }
    }
  }

  @Test
  void mean_ofUnitVectors_isUnitAndWeighsEachTheSame() {
    float[] mean = UnitVector.meanOf(new float[] {3, 0, 0, 0.1f}, 2);
    assertThat(mean[0]).isCloseTo(mean[1], within(1e-6f));
    assertThat(mean[0] * mean[0] + mean[1] * mean[1]).isCloseTo(1f, within(1e-6f));
    assertThat(UnitVector.of(new float[] {0, 0})).containsExactly(0, 0);
  }
}
