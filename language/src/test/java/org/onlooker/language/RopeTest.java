package org.onlooker.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.onnx.RopeConfig;
import org.onlooker.onnx.RopeConfig.Scaling;

class RopeTest {
  private static final int DIM = 8;

  @Test
  void row_turnedToAndOff_isWhatItWas() {
    Rope rope = new Rope(new RopeConfig(10_000, DIM, Optional.empty()));
    float[] row = row(1);
    float[] there = turn(rope.to(1900, 1), row);
    assertThat(there).isNotEqualTo(row);
    float[] back = turn(rope.off(1900, 1), there);
    for (int i = 0; i < DIM; i++) {
      assertThat(back[i]).isCloseTo(row[i], within(1e-6f));
    }
  }

  @Test
  void product_ofTwoTurnedRows_dependsOnTheirDistanceOnly() {
    Rope rope = new Rope(new RopeConfig(10_000, DIM, Optional.empty()));
    float[] query = row(2);
    float[] key = row(3);
    float near = dot(turn(rope.to(17, 1), query), turn(rope.to(5, 1), key));
    float far = dot(turn(rope.to(1017, 1), query), turn(rope.to(1005, 1), key));
    assertThat(far).isCloseTo(near, within(1e-3f));
  }

  @Test
  void firstPair_isTurnedByThePositionInRadians() {
    Rope rope = new Rope(new RopeConfig(10_000, DIM, Optional.empty()));
    float[] turned = turn(rope.to(2, 1), new float[] {1, 0, 0, 0, 0, 0, 0, 0});
    assertThat(turned[0]).isCloseTo((float) Math.cos(2), within(1e-6f));
    assertThat(turned[DIM / 2]).isCloseTo((float) Math.sin(2), within(1e-6f));
  }

  @Test
  void columns_beyondTheRotaryOnes_areLeftAlone() {
    Rope rope = new Rope(new RopeConfig(10_000, 4, Optional.empty()));
    float[] turned = turn(rope.to(3, 1), row(4));
    assertThat(rope.to(3, 1).columns()).isEqualTo(4);
    assertThat(turned[4]).isZero();
  }

  @Test
  void linearScaling_isTheSameAsSmallerSteps() {
    Rope plain = new Rope(new RopeConfig(10_000, DIM, Optional.empty()));
    Rope scaled = new Rope(new RopeConfig(10_000, DIM, Optional.of(new Scaling.Linear(4))));
    assertThat(turn(scaled.to(40, 1), row(5))).isEqualTo(turn(plain.to(10, 1), row(5)));
  }

  @Test
  void llama3Scaling_keepsShortWavesAndStretchesLongOnes() {
    // Waves of 6, 63, 628 and 6283 positions; 8192 positions, kept above 4 waves, stretched below
    // 1.
    Rope plain = new Rope(new RopeConfig(10_000, DIM, Optional.empty()));
    Rope scaled =
        new Rope(new RopeConfig(10_000, DIM, Optional.of(new Scaling.Llama3(8, 1, 4, 2048))));
    assertThat(turn(scaled.to(40, 1), only(1))[1]).isEqualTo(turn(plain.to(40, 1), only(1))[1]);
    assertThat(turn(scaled.to(800, 1), only(3))[3]).isEqualTo(turn(plain.to(100, 1), only(3))[3]);
    double share = (2048 / (2 * Math.PI * 100) - 1) / 3;
    double angle = 40 * 0.01 * (share + (1 - share) / 8);
    assertThat(turn(scaled.to(40, 1), only(2))[2])
        .isCloseTo((float) Math.cos(angle), within(1e-6f));
  }

  @Test
  void halfFloats_areTurnedAsWell() {
    Rope rope = new Rope(new RopeConfig(10_000, DIM, Optional.empty()));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment half = arena.allocate(DIM * 2L);
      MemorySegment back = arena.allocate(DIM * 4L);
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_FLOAT, row(6));
      rope.to(9, 1).turn(0, FloatKind.F32, from, 0, FloatKind.F16, half, 0);
      rope.off(9, 1).turn(0, FloatKind.F16, half, 0, FloatKind.F32, back, 0);
      for (int i = 0; i < DIM; i++) {
        assertThat(back.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isCloseTo(row(6)[i], within(2e-3f));
      }
    }
  }

  private static float[] turn(Rope.Turns turns, float[] row) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_FLOAT, row);
      MemorySegment to = arena.allocate(row.length * 4L);
      turns.turn(0, FloatKind.F32, from, 0, FloatKind.F32, to, 0);
      return to.toArray(ValueLayout.JAVA_FLOAT);
    }
  }

  private static float[] row(int seed) {
    Random random = new Random(seed);
    float[] row = new float[DIM];
    for (int i = 0; i < DIM; i++) {
      row[i] = (float) random.nextGaussian();
    }
    return row;
  }

  private static float[] only(int column) {
    float[] row = new float[DIM];
    row[column] = 1;
    return row;
  }

  private static float dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
