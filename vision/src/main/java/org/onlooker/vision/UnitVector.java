package org.onlooker.vision;

/** Vectors of length one. */
public final class UnitVector {
  private UnitVector() {}

  /** {@code vector} scaled to length one; a zero vector stays as it is. */
  public static float[] of(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float scale = squares > 0 ? (float) (1 / Math.sqrt(squares)) : 1;
    float[] unit = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      unit[i] = vector[i] * scale;
    }
    return unit;
  }

  /**
   * Unit vector along the mean of {@code count} vectors that stand one after the other in {@code
   * rows}; each counts the same whatever its length.
   */
  public static float[] meanOf(float[] rows, int count) {
    int dimension = rows.length / count;
    float[] sum = new float[dimension];
    float[] row = new float[dimension];
    for (int i = 0; i < count; i++) {
      System.arraycopy(rows, i * dimension, row, 0, dimension);
      float[] unit = of(row);
      for (int j = 0; j < dimension; j++) {
        sum[j] += unit[j];
      }
    }
    return of(sum);
  }
}
