package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;

/**
 * Keys and values as symmetric 8-bit integers: {@code x ≈ q * scale}, q from -127 to 127.
 *
 * <p>Keys have one scale per channel (a head's dimension, over the clip's tokens), values one per
 * token: outliers of keys sit in fixed channels, the more so in raw keys, while those of values do
 * not (KIVI, arXiv 2402.02750, section 3.2). The error of a number is at most half its scale.
 *
 * <p>Layout, little-endian; for each layer, for each KV head:
 *
 * <pre>
 * keyScales    f16[headDim]
 * keys         i8 [tokenCount][headDim]
 * valueScales  f16[tokenCount]
 * values       i8 [tokenCount][headDim]
 * </pre>
 *
 * A scale is the largest magnitude / 127, rounded up to f16 so that nothing is clipped.
 */
public final class Int8BlockCodec implements BlockCodec {
  private static final int LARGEST = 127;

  @Override
  public byte id() {
    return 2;
  }

  @Override
  public long encodedBytes(KvShape shape, int tokenCount) {
    return headBytes(shape.headDim(), tokenCount) * shape.layers() * shape.kvHeads();
  }

  private static long headBytes(int dim, int tokens) {
    return 2L * dim * tokens + (long) Short.BYTES * (dim + tokens);
  }

  @Override
  public void encode(KvBlock block, MemorySegment to) {
    int dim = block.shape().headDim();
    int tokens = block.tokenCount();
    float[] scratch = new float[dim];
    long at = 0;
    for (int layer = 0; layer < block.shape().layers(); layer++) {
      for (int head = 0; head < block.shape().kvHeads(); head++) {
        long row = block.rowOffset(layer, head, 0);
        encodeKeys(block.keys(), row, tokens, to.asSlice(at), scratch);
        long values = at + (long) Short.BYTES * dim + (long) dim * tokens;
        encodeValues(block.values(), row, tokens, to.asSlice(values), dim);
        at += headBytes(dim, tokens);
      }
    }
  }

  @Override
  public void decode(MemorySegment from, KvBlock block) {
    int dim = block.shape().headDim();
    int tokens = block.tokenCount();
    float[] scales = new float[dim];
    long at = 0;
    for (int layer = 0; layer < block.shape().layers(); layer++) {
      for (int head = 0; head < block.shape().kvHeads(); head++) {
        long row = block.rowOffset(layer, head, 0);
        decodeKeys(from.asSlice(at), block.keys(), row, tokens, scales);
        long values = at + (long) Short.BYTES * dim + (long) dim * tokens;
        decodeValues(from.asSlice(values), block.values(), row, tokens, dim);
        at += headBytes(dim, tokens);
      }
    }
  }

  private static void encodeKeys(
      MemorySegment from, long row, int tokens, MemorySegment to, float[] factors) {
    int dim = factors.length;
    Arrays.fill(factors, 0);
    for (int token = 0; token < tokens; token++) {
      long source = row + (long) token * dim;
      for (int i = 0; i < dim; i++) {
        factors[i] = Math.max(factors[i], Math.abs(from.getAtIndex(JAVA_FLOAT, source + i)));
      }
    }
    for (int i = 0; i < dim; i++) {
      short scale = scale(factors[i]);
      to.set(Fp16BlockCodec.HALF, (long) i * Short.BYTES, scale);
      factors[i] = factor(scale);
    }
    long target = (long) Short.BYTES * dim;
    for (int token = 0; token < tokens; token++) {
      long source = row + (long) token * dim;
      for (int i = 0; i < dim; i++) {
        to.set(JAVA_BYTE, target++, quantise(from.getAtIndex(JAVA_FLOAT, source + i), factors[i]));
      }
    }
  }

  private static void decodeKeys(
      MemorySegment from, MemorySegment to, long row, int tokens, float[] scales) {
    int dim = scales.length;
    for (int i = 0; i < dim; i++) {
      scales[i] = Float.float16ToFloat(from.get(Fp16BlockCodec.HALF, (long) i * Short.BYTES));
    }
    long source = (long) Short.BYTES * dim;
    for (int token = 0; token < tokens; token++) {
      long target = row + (long) token * dim;
      for (int i = 0; i < dim; i++) {
        to.setAtIndex(JAVA_FLOAT, target + i, from.get(JAVA_BYTE, source++) * scales[i]);
      }
    }
  }

  private static void encodeValues(
      MemorySegment from, long row, int tokens, MemorySegment to, int dim) {
    long target = (long) Short.BYTES * tokens;
    for (int token = 0; token < tokens; token++) {
      long source = row + (long) token * dim;
      float largest = 0;
      for (int i = 0; i < dim; i++) {
        largest = Math.max(largest, Math.abs(from.getAtIndex(JAVA_FLOAT, source + i)));
      }
      short scale = scale(largest);
      to.set(Fp16BlockCodec.HALF, (long) token * Short.BYTES, scale);
      float factor = factor(scale);
      for (int i = 0; i < dim; i++) {
        to.set(JAVA_BYTE, target++, quantise(from.getAtIndex(JAVA_FLOAT, source + i), factor));
      }
    }
  }

  private static void decodeValues(
      MemorySegment from, MemorySegment to, long row, int tokens, int dim) {
    long source = (long) Short.BYTES * tokens;
    for (int token = 0; token < tokens; token++) {
      long target = row + (long) token * dim;
      float scale = Float.float16ToFloat(from.get(Fp16BlockCodec.HALF, (long) token * Short.BYTES));
      for (int i = 0; i < dim; i++) {
        to.setAtIndex(JAVA_FLOAT, target + i, from.get(JAVA_BYTE, source++) * scale);
      }
    }
  }

  private static short scale(float largest) {
    return Fp16BlockCodec.halfFrom(largest / LARGEST);
  }

  private static float factor(short scale) {
    return scale == 0 ? 0 : 1 / Float.float16ToFloat(scale);
  }

  private static byte quantise(float value, float factor) {
    return (byte) Math.clamp(Math.round(value * factor), -LARGEST, LARGEST);
  }
}
