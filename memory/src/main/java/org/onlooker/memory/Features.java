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
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
