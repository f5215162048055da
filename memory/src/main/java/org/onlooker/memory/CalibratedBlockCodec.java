package org.onlooker.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvScales;
import org.onlooker.core.KvShape;

/**
 * Keys and values as 8-bit, 4-bit and 2-bit codes with scales that calibration fixed ({@link
 * KvScales}), so that a block holds nothing but codes. Numbers beyond the calibrated range are
 * clipped to it; within it the error is at most half a step.
 *
 * <p>Layout, little-endian:
 *
 * <pre>
 * scales  i64, {@link ScalesFormat#id}: the store keeps the scales under it
 * codes   for each layer its keys, then its values:
 *         [kvHead][token][row of headDim codes], see {@link CodeRows}
 * </pre>
 */
public final class CalibratedBlockCodec implements BlockCodec {
  static final byte ID = 5;
  private static final ValueLayout.OfLong SCALES_ID =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final KvScales scales;
  private final long scalesId;

  public CalibratedBlockCodec(KvScales scales) {
    this.scales = scales;
    this.scalesId = ScalesFormat.id(scales);
  }

  KvScales scales() {
    return scales;
  }

  /** The scales that an encoded block needs. */
  static long scalesId(MemorySegment encoded) {
    return encoded.get(SCALES_ID, 0);
  }

  @Override
  public byte id() {
    return ID;
  }

  @Override
  public long encodedBytes(KvShape shape, int tokenCount) {
    requireShape(shape);
    return Long.BYTES
        + (bytes(scales.keys()) + bytes(scales.values())) * shape.kvHeads() * tokenCount;
  }

  private long bytes(List<KvScales.Part> parts) {
    return parts.stream().mapToLong(this::rowBytes).sum();
  }

  private int rowBytes(KvScales.Part part) {
    return CodeRows.rowBytes(scales.shape().headDim(), part.bits());
  }

  private void requireShape(KvShape shape) {
    if (!shape.equals(scales.shape())) {
      throw new IllegalArgumentException(
          "scales of " + scales.shape() + " are not for a block of " + shape);
    }
  }

  @Override
  public void encode(KvBlock block, MemorySegment to) {
    to.set(SCALES_ID, 0, scalesId);
    int dim = scales.shape().headDim();
    eachRow(
        block,
        (numbers, index, part, first, at) ->
            PlainCodeRows.pack(numbers, index, part, first, to, at, dim));
  }

  @Override
  public void decode(MemorySegment from, KvBlock block) {
    if (scalesId(from) != scalesId) {
      throw new IllegalArgumentException("block was written with other scales than these");
    }
    int dim = scales.shape().headDim();
    CodeRows rows = CodeRows.FASTEST;
    eachRow(
        block,
        (numbers, index, part, first, at) ->
            rows.unpack(from, at, part, first, numbers, index, dim));
  }

  private void eachRow(KvBlock block, Row row) {
    requireShape(block.shape());
    long at = Long.BYTES;
    for (int layer = 0; layer < scales.shape().layers(); layer++) {
      at = eachRow(block, block.keys(), layer, scales.keys().get(layer), at, row);
      at = eachRow(block, block.values(), layer, scales.values().get(layer), at, row);
    }
  }

  private long eachRow(
      KvBlock block, MemorySegment numbers, int layer, KvScales.Part part, long start, Row row) {
    int bytes = rowBytes(part);
    int tokens = block.tokenCount();
    long at = start;
    for (int head = 0; head < scales.shape().kvHeads(); head++) {
      for (int token = 0; token < tokens; token++) {
        int first = scales.index(scales.place(token, tokens), head);
        row.take(numbers, block.rowOffset(layer, head, token), part, first, at);
        at += bytes;
      }
    }
    return at;
  }

  /** A row of a head: floats from {@code index} on, codes from the byte {@code at} on. */
  private interface Row {
    void take(MemorySegment numbers, long index, KvScales.Part part, int first, long at);
  }
}
