package org.onlooker.vision;

import org.onlooker.core.VisualTokens;

/** Compares visual tokens. */
final class TokenRows {
  private TokenRows() {}

  /** Cosine between token {@code index} of one and token {@code other} of another set. */
  static double cosine(VisualTokens tokens, int index, VisualTokens others, int other) {
    double dot = 0;
    double squares = 0;
    double otherSquares = 0;
    int width = tokens.width();
    for (int i = 0; i < width; i++) {
      float one = tokens.values()[index * width + i];
      float two = others.values()[other * width + i];
      dot += (double) one * two;
      squares += (double) one * one;
      otherSquares += (double) two * two;
    }
    return squares == 0 || otherSquares == 0
        ? (squares == otherSquares ? 1 : 0)
        : dot / Math.sqrt(squares * otherSquares);
  }
}
