package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvScales;
import org.onlooker.core.KvShape;

/**
 * Keys and values as 4-bit or 2-bit codes with scales of the block itself, for packs without
 * calibration: {@code x ≈ smallest + code * step} for each channel of a group of tokens (KIVI does
 * so with keys, arXiv 2402.02750, section 3.2). A group has 64 tokens or more, so that its scales
 * take at most half a bit of a number; a block of fewer tokens is one group, and its scales weigh
 * more. The error is at most half a step.
 *
 * <p>Layout, little-endian; for each layer, for each KV head, for its keys, then its values, for
 * each group:
 *
 * <pre>
 * smallest  f16[headDim]
 * step      f16[headDim]
 * codes     [tokens][row of headDim codes], see {@link CodeRows}
 * </pre>
 */
public final class PackedBlockCodec implements BlockCodec {
  static final byte ID_4_BITS = 3;
  static final byte ID_2_BITS = 4;
  private static final int GROUP_TOKENS = 64;

  private final int bits;

  /** @param bits of a code: 4 or 2 */
  public PackedBlockCodec(int bits) {
    if (bits != 4 && bits != 2) {
      throw new IllegalArgumentException("codes of " + bits + " bits; there are 4 and 2");
    }
    this.bits = bits;
  }

  @Override
  public byte id() {
    return bits == 4 ? ID_4_BITS : ID_2_BITS;
  }

  @Override
  public long encodedBytes(KvShape shape, int tokenCount) {
    long scales = 2L * Short.BYTES * shape.headDim() * groups(tokenCount);
    long codes = (long) CodeRows.rowBytes(shape.headDim(), bits) * tokenCount;
    return 2 * (scales + codes) * shape.layers() * shape.kvHeads();
  }

  private static int groups(int tokenCount) {
    return Math.max(1, tokenCount / GROUP_TOKENS);
  }

  @Override
  public void encode(KvBlock block, MemorySegment to) {
    new Walk(block, to).encode();
  }

  @Override
  public void decode(MemorySegment from, KvBlock block) {
    new Walk(block, from).decode();
  }

  /** One pass over a block and its encoded form. */
  private final class Walk {
    private final KvBlock block;
    private final MemorySegment encoded;
    private final int dim;
    private final KvScales.Part scales;
    private long at;

    Walk(KvBlock block, MemorySegment encoded) {
      this.block = block;
      this.encoded = encoded;
      this.dim = block.shape().headDim();
      this.scales = new KvScales.Part(bits, new float[dim], new float[dim]);
    }

    void encode() {
      eachGroup((numbers, row, tokens) -> {
        writeScales(numbers, row, tokens);
        for (int token = 0; token < tokens; token++) {
          PlainCodeRows.pack(numbers, row + (long) token * dim, scales, 0, encoded, at, dim);
          at += CodeRows.rowBytes(dim, bits);
        }
      });
    }

    void decode() {
      eachGroup((numbers, row, tokens) -> {
        readScales();
        for (int token = 0; token < tokens; token++) {
          long to = row + (long) token * dim;
          CodeRows.FASTEST.unpack(encoded, at, scales, 0, numbers, to, dim);
          at += CodeRows.rowBytes(dim, bits);
        }
      });
    }

    private void eachGroup(Group group) {
      for (int layer = 0; layer < block.shape().layers(); layer++) {
        for (int head = 0; head < block.shape().kvHeads(); head++) {
          eachGroup(block.keys(), layer, head, group);
          eachGroup(block.values(), layer, head, group);
        }
      }
    }

    private void eachGroup(MemorySegment numbers, int layer, int head, Group group) {
      int groups = groups(block.tokenCount());
      for (int i = 0; i < groups; i++) {
        int first = i * block.tokenCount() / groups;
        int end = (i + 1) * block.tokenCount() / groups;
        group.take(numbers, block.rowOffset(layer, head, first), end - first);
      }
    }

    private void writeScales(MemorySegment numbers, long row, int tokens) {
      for (int c = 0; c < dim; c++) {
        float smallest = numbers.getAtIndex(JAVA_FLOAT, row + c);
        float largest = smallest;
        for (int token = 1; token < tokens; token++) {
          float number = numbers.getAtIndex(JAVA_FLOAT, row + (long) token * dim + c);
          smallest = Math.min(smallest, number);
          largest = Math.max(largest, number);
        }
        scales.offsets()[c] = write(at + (long) c * Short.BYTES, smallest);
        float step = (largest - scales.offsets()[c]) / ((1 << bits) - 1);
        scales.steps()[c] = write(at + (long) (dim + c) * Short.BYTES, step);
      }
      at += 2L * dim * Short.BYTES;
    }

    /** Writes a half float; returns what was written. */
    private float write(long place, float number) {
      short half = Fp16BlockCodec.half(number);
      encoded.set(Fp16BlockCodec.HALF, place, half);
      return Float.float16ToFloat(half);
    }

    private void readScales() {
      for (int c = 0; c < dim; c++) {
        scales.offsets()[c] = read(at + (long) c * Short.BYTES);
        scales.steps()[c] = read(at + (long) (dim + c) * Short.BYTES);
      }
      at += 2L * dim * Short.BYTES;
    }

    private float read(long place) {
      return Float.float16ToFloat(encoded.get(Fp16BlockCodec.HALF, place));
    }
  }

  /** A group's numbers: {@code tokens} rows from the float {@code row} on. */
  private interface Group {
    void take(MemorySegment numbers, long row, int tokens);
  }
}
