package org.onlooker.language;

import java.lang.foreign.MemorySegment;
import org.onlooker.onnx.RopeConfig;
import org.onlooker.onnx.RopeConfig.Scaling;

/**
 * Rotary position embedding in the half-split layout of Llama: pair {@code j} is the columns {@code
 * j} and {@code j + rotaryDim/2}, turned by {@code position * theta^(-2j/rotaryDim)} (RoFormer,
 * arXiv 2104.09864; the layout is that of the Hugging Face Llama code).
 *
 * <p>A rotation is orthogonal, so turning by {@code -position} takes it off again. Angles are
 * formed in 32 bits, {@code (float) position * (float) frequency}, as the graphs form them: at
 * position 8000 an angle formed in 64 bits would differ from theirs by more than rounding.
 */
public final class Rope {
  private final float[] frequencies;

  public Rope(RopeConfig config) {
    this.frequencies = new float[config.rotaryDim() / 2];
    for (int j = 0; j < frequencies.length; j++) {
      double exponent = (double) (2 * j) / config.rotaryDim();
      double frequency = 1 / Math.pow(config.theta(), exponent);
      frequencies[j] = (float) config
          .scaling()
          .map(scaling -> scaled(scaling, frequency))
          .orElse(frequency)
          .doubleValue();
    }
  }

  private static double scaled(Scaling scaling, double frequency) {
    return switch (scaling) {
      case Scaling.Linear linear -> frequency / linear.factor();
      case Scaling.Llama3 llama3 -> {
        double waves = llama3.originalPositions() * frequency / (2 * Math.PI);
        double share = (waves - llama3.low()) / (llama3.high() - llama3.low());
        double kept = Math.clamp(share, 0, 1);
        yield kept * frequency + (1 - kept) * frequency / llama3.factor();
      }
    };
  }

  /** The turns that put rows at positions from {@code first} on. */
  public Turns to(int first, int count) {
    return turns(first, count, 1);
  }

  /** The turns that take the rotation off rows at positions from {@code first} on. */
  public Turns off(int first, int count) {
    return turns(first, count, -1);
  }

  private Turns turns(int first, int count, int sign) {
    int half = frequencies.length;
    float[] cos = new float[count * half];
    float[] sin = new float[count * half];
    for (int row = 0; row < count; row++) {
      for (int j = 0; j < half; j++) {
        float angle = (float) (first + row) * frequencies[j];
        cos[row * half + j] = (float) Math.cos(angle);
        sin[row * half + j] = (float) (sign * Math.sin(angle));
      }
    }
    return new Turns(half, cos, sin);
  }

  /** Cosines and sines for a run of rows, shared by all layers and heads. */
  public static final class Turns {
    private final int half;
    private final float[] cos;
    private final float[] sin;

    private Turns(int half, float[] cos, float[] sin) {
      this.half = half;
      this.cos = cos;
      this.sin = sin;
    }

    /**
     * Turns the rotated columns of one head's row; the remaining columns are for the caller to
     * copy. {@code from} and {@code to} may be the same place.
     *
     * @param row which of the run's positions
     * @param fromIndex the row's first float
     */
    public void turn(
        int row,
        FloatKind fromKind,
        MemorySegment from,
        long fromIndex,
        FloatKind toKind,
        MemorySegment to,
        long toIndex) {
      if (fromKind == FloatKind.F32 && toKind == FloatKind.F32) {
        RowTurn.FASTEST.turn(cos, sin, row * half, half, from, fromIndex, to, toIndex);
        return;
      }
      for (int j = 0; j < half; j++) {
        float c = cos[row * half + j];
        float s = sin[row * half + j];
        float first = fromKind.get(from, fromIndex + j);
        float second = fromKind.get(from, fromIndex + half + j);
        toKind.set(to, toIndex + j, first * c - second * s);
        toKind.set(to, toIndex + half + j, second * c + first * s);
      }
    }

    /** Columns of a row that {@link #turn} writes. */
    public int columns() {
      return 2 * half;
    }
  }
}
