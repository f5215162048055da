package org.onlooker.memory;

import java.util.ArrayList;
import java.util.List;
import org.onlooker.core.KvScales;
import org.onlooker.core.KvShape;

/** Scales that cover what {@code Memories.block} holds. */
final class TestScales {
  static final int OPENING = 2;
  static final int CLOSING = 1;
  private static final float RANGE = 5;
  /** How much wider outlier channels of keys are. */
  private static final float OUTLIER = 8;

  private TestScales() {}

  /** Scales with the same bits everywhere. */
  static KvScales of(KvShape shape, int bits) {
    return of(shape, List.of(bits));
  }

  /** Scales whose parts have the bits of {@code turns}, one after the other. */
  static KvScales of(KvShape shape, List<Integer> turns) {
    List<KvScales.Part> keys = new ArrayList<>();
    List<KvScales.Part> values = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      keys.add(part(shape, turns.get(2 * layer % turns.size()), OUTLIER));
      values.add(part(shape, turns.get((2 * layer + 1) % turns.size()), 1));
    }
    return new KvScales(shape, OPENING, CLOSING, keys, values);
  }

  private static KvScales.Part part(KvShape shape, int bits, float outlier) {
    int row = shape.kvHeads() * shape.headDim();
    float[] offsets = new float[(OPENING + 1 + CLOSING) * row];
    float[] steps = new float[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      float wider = 1 + 0.01f * (i / row); // no place's scales serve another one
      float half = RANGE * wider * (i % shape.headDim() == 3 ? outlier : 1);
      offsets[i] = -half;
      steps[i] = 2 * half / ((1 << bits) - 1);
    }
    return new KvScales.Part(bits, offsets, steps);
  }
}
