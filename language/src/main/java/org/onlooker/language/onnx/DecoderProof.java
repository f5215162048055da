package org.onlooker.language.onnx;

import java.util.Arrays;
import org.onlooker.language.FloatKind;
import org.onlooker.language.Rope;
import org.onlooker.onnx.PackException;

/**
 * Finds out at start-up, by a few tiny runs, what a decoder graph does with positions, and refuses
 * one whose cache could not be moved about.
 *
 * <ol>
 *   <li>The same token at two places: layer-0 keys before rotation do not depend on the place, so
 *       the cached keys must differ by exactly the rotation from one to the other. This proves
 *       layout, theta and scaling.
 *   <li>The same at a far position: shows whether {@code position_ids} are honoured.
 *   <li>Several tokens over a non-empty cache against one by one: the least supported case of fused
 *       attention, and the one that every clip needs.
 *   <li>The same with one buffer as past and present: allowed when nothing changes.
 * </ol>
 */
final class DecoderProof {
  private static final int REPEATS = 18;
  private static final int FAR = 100;
  private static final int PREFIX = 3;
  private static final int CAPACITY = 32;
  private static final float CACHE_TOLERANCE = 2e-3f;
  private static final float HALF_TOLERANCE = 2e-2f;
  /** Weights quantised with activations give other roundings for other chunk sizes. */
  private static final double LOGITS_COSINE_MIN = 0.95;

  private final Decoder decoder;
  private final float tolerance;

  DecoderProof(Decoder decoder) {
    this.decoder = decoder;
    this.tolerance = decoder.kvKind() == FloatKind.F16 ? HALF_TOLERANCE : CACHE_TOLERANCE;
  }

  /** Proves the graph and tells its kind. */
  GraphKind prove() {
    boolean positioned = decoder.kind().positioned() && honoursPositions();
    Decoder plain = decoder.as(new GraphKind(positioned, false));
    requireLayout(plain);
    float[] oneByOne = logits(plain, 1);
    requireAlike(oneByOne, logits(plain, probeTokens().length));
    return new GraphKind(positioned, allowsInPlace(plain, oneByOne));
  }

  private boolean honoursPositions() {
    long[] token = {probeTokens()[0]};
    try (Forward near = new Forward(decoder, CAPACITY);
        Forward far = new Forward(decoder, CAPACITY)) {
      near.run(token, 0);
      far.run(token, FAR);
      return related(near, 0, far, 0, FAR);
    }
  }

  private void requireLayout(Decoder plain) {
    long[] same = new long[REPEATS];
    Arrays.fill(same, probeTokens()[0]);
    try (Forward forward = new Forward(plain, CAPACITY)) {
      forward.run(same, 0);
      for (int row : new int[] {1, REPEATS - 1}) {
        if (!related(forward, 0, forward, row, row)) {
          throw new PackException(plain.graph().file() + ": cached keys are not rotated as"
              + " config.json says (half-split layout, theta "
              + plain.config().rope().theta()
              + ", " + plain.config().rope().rotaryDim() + " columns); this decoder's memory could"
              + " not be moved, so it is not used");
        }
      }
    }
  }

  /** Whether a layer-0 key equals another one, which stands at position 0, turned to there. */
  private boolean related(Forward zero, int zeroRow, Forward other, int row, int position) {
    Rope.Turns turns = decoder.rope().off(position, 1);
    float worst = 0;
    float largest = 0;
    try (var raw = zero.cache().read(zeroRow, 1, decoder.rope().off(0, 1));
        var moved = other.cache().read(row, 1, turns)) {
      int floats = decoder.shape().kvHeads() * decoder.shape().headDim();
      for (int i = 0; i < floats; i++) {
        float expected = FloatKind.F32.get(raw.keys(), i);
        largest = Math.max(largest, Math.abs(expected));
        worst = Math.max(worst, Math.abs(expected - FloatKind.F32.get(moved.keys(), i)));
      }
    }
    return worst <= tolerance * Math.max(largest, Float.MIN_NORMAL);
  }

  /** Logits after a prefix and then the probe's tokens, {@code chunk} at a time. */
  private float[] logits(Decoder way, int chunk) {
    long[] tokens = probeTokens();
    try (Forward forward = new Forward(way, CAPACITY)) {
      forward.run(Arrays.copyOf(tokens, PREFIX), 0);
      for (int start = 0; start < tokens.length; start += chunk) {
        int end = Math.min(start + chunk, tokens.length);
        forward.run(Arrays.copyOfRange(tokens, start, end), PREFIX + start);
      }
      float[] logits = new float[way.config().vocabSize()];
      for (int id = 0; id < logits.length; id++) {
        logits[id] = forward.logit(id);
      }
      return logits;
    }
  }

  private void requireAlike(float[] oneByOne, float[] atOnce) {
    double cosine = cosine(oneByOne, atOnce);
    if (!(cosine >= LOGITS_COSINE_MIN)) {
      throw new PackException(decoder.graph().file() + ": several tokens over a filled cache give"
          + " other results than one by one (cosine " + cosine
          + "); this export cannot prefill a stream");
    }
  }

  private boolean allowsInPlace(Decoder plain, float[] expected) {
    try {
      Decoder inPlace = decoder.as(new GraphKind(plain.kind().positioned(), true));
      return cosine(expected, logits(inPlace, 1)) > 1 - 1e-6
          && cosine(expected, logits(inPlace, probeTokens().length)) >= LOGITS_COSINE_MIN;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresA += (double) a[i] * a[i];
      squaresB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(squaresA * squaresB);
  }

  /** Ordinary tokens from the middle of the vocabulary, none of them an image token. */
  private long[] probeTokens() {
    int middle = decoder.config().vocabSize() / 2;
    long image = decoder.config().imageTokenId();
    long[] tokens = {middle, middle + 1L, middle + 7L, middle - 5L, middle + 3L};
    return Arrays.stream(tokens).map(id -> id == image ? middle - 11L : id).toArray();
  }
}
