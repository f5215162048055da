package org.onlooker.core;

/** How alike two embeddings are. */
final class Cosine {
  private Cosine() {}

  /** -1 to 1; 0 when one of them is of length 0. */
  static double of(float[] a, float[] b) {
    double dot = 0;
    double squares = 0;
    double others = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      squares += a[i] * a[i];
      others += b[i] * b[i];
    }
    return squares * others == 0 ? 0 : dot / Math.sqrt(squares * others);
  }
}
