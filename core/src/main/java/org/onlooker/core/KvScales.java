package org.onlooker.core;

import java.util.List;
import java.util.Set;

/**
 * How the keys and values of one decoder are rounded to few bits, fixed by calibration: {@code x ≈
 * offset + code * step}, with an offset and a step for each channel, and for the keys and for the
 * values of each layer as many bits as they need (KVTuner allots bits by layer in the same way,
 * arXiv 2502.04420).
 *
 * <p>The first {@code opening} and the last {@code closing} tokens of a clip (its time labels) are
 * places with scales of their own; the tokens between share one place, however many they are.
 *
 * @param keys a part per layer
 * @param values a part per layer
 */
public record KvScales(
    KvShape shape, int opening, int closing, List<Part> keys, List<Part> values) {
  private static final Set<Integer> BITS = Set.of(2, 4, 8);

  /**
   * The keys or the values of one layer.
   *
   * @param bits of a code: 2, 4 or 8
   * @param offsets {@code [place][kvHead][headDim]}
   * @param steps {@code [place][kvHead][headDim]}, above 0
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  public record Part(int bits, float[] offsets, float[] steps) {
    public Part {
      if (!BITS.contains(bits)) {
        throw new IllegalArgumentException("scales are for " + bits + " bits, must be 2, 4 or 8");
      }
    }
  }

  public KvScales {
    keys = List.copyOf(keys);
    values = List.copyOf(values);
    if (opening < 0 || closing < 0) {
      throw new IllegalArgumentException(
          "scales have " + opening + " opening and " + closing + " closing places");
    }
    check("keys", keys, shape, opening + 1 + closing);
    check("values", values, shape, opening + 1 + closing);
  }

  private static void check(String name, List<Part> parts, KvShape shape, int places) {
    if (parts.size() != shape.layers()) {
      throw new IllegalArgumentException(
          "scales of " + name + " are of " + parts.size() + " layers, not " + shape.layers());
    }
    int numbers = places * shape.kvHeads() * shape.headDim();
    for (Part part : parts) {
      if (part.offsets.length != numbers || part.steps.length != numbers) {
        throw new IllegalArgumentException("scales of " + name + " have " + part.offsets.length
            + " offsets and " + part.steps.length + " steps a layer, not " + numbers);
      }
      for (int i = 0; i < numbers; i++) {
        if (!Float.isFinite(part.offsets[i]) || !(part.steps[i] > 0 && part.steps[i] < 1e30f)) {
          throw new IllegalArgumentException("scales of " + name + " hold the offset "
              + part.offsets[i] + " with the step " + part.steps[i]);
        }
      }
    }
  }

  public int places() {
    return opening + 1 + closing;
  }

  /** The place of a token of a clip of {@code tokenCount}. */
  public int place(int token, int tokenCount) {
    if (token < opening) {
      return token;
    }
    int left = tokenCount - token;
    return left <= closing ? places() - left : opening;
  }

  /** Index of a head's first channel in a part's arrays. */
  public int index(int place, int kvHead) {
    return (place * shape.kvHeads() + kvHead) * shape.headDim();
  }

  /** Bits that a number takes, on average. */
  public double meanBits() {
    int bits = 0;
    for (int layer = 0; layer < shape.layers(); layer++) {
      bits += keys.get(layer).bits + values.get(layer).bits;
    }
    return bits / (2.0 * shape.layers());
  }
}
