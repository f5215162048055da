package org.onlooker.memory;

import org.onlooker.core.Memory;
import org.onlooker.core.VisualTokens;

/** What clips look like, as vectors of unit length. */
final class Features {
  private Features() {}

  /** The image embedding; without one, the mean visual token. All zero where there is nothing. */
  static float[] of(Memory memory) {
    return memory.embedding().length > 0 ? unit(memory.embedding()) : unit(mean(memory.tokens()));
  }

  private static float[] mean(VisualTokens tokens) {
    float[] mean = new float[tokens.width()];
    for (int i = 0; i < tokens.values().length; i++) {
      mean[i % mean.length] += tokens.values()[i] / tokens.tokenCount();
    }
    return mean;
  }

  /** A copy of length 1; of a vector of length 0, that. */
  static float[] unit(float[] vector) {
    double length = Math.sqrt(dot(vector, vector));
    float[] unit = vector.clone();
    for (int i = 0; i < unit.length && length > 0; i++) {
      unit[i] /= (float) length;
    }
    return unit;
  }

  /** Of vectors of one length; 0 for those of two packs, which cannot be compared. */
  static double dot(float[] a, float[] b) {
    if (a.length != b.length) {
      return 0;
    }
    float sum0 = 0; // four sums, so that no addition waits for the one before
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 3 < a.length; i += 4) {
      sum0 += a[i] * b[i];
      sum1 += a[i + 1] * b[i + 1];
      sum2 += a[i + 2] * b[i + 2];
      sum3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      sum0 += a[i] * b[i];
    }
    return sum0 + sum1 + sum2 + sum3;
  }
}
