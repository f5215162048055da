package org.onlooker.retrieval;

import org.apache.lucene.util.VectorUtil;

/** Embeddings as both indexes compare them: unit length, so that a dot product is a cosine. */
final class Vectors {
  private Vectors() {}

  /** A unit vector; empty for an embedding that is empty, all zero or not finite. */
  static float[] unit(float[] embedding) {
    double square = 0;
    for (float value : embedding) {
      square += (double) value * value;
    }
    if (square == 0 || !Double.isFinite(square)) {
      return new float[0];
    }
    float[] unit = embedding.clone();
    for (int i = 0; i < unit.length; i++) {
      unit[i] /= (float) Math.sqrt(square);
    }
    return unit;
  }

  static float cosine(float[] unit, float[] other) {
    return VectorUtil.dotProduct(unit, other);
  }
}
