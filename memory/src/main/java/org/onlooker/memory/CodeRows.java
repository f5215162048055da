package org.onlooker.memory;

import java.lang.foreign.MemorySegment;
import org.onlooker.core.KvScales;

/**
 * Unpacks rows of codes: {@code offset + code * step} per channel.
 *
 * <p>A row of {@code n} channels takes {@code n * bits / 8} bytes, rounded up to {@code w}; the
 * code of channel {@code c} is in byte {@code c % w}, from bit {@code c / w * bits} on, so that
 * one load of bytes gives runs of channels for each of their bits.
 */
interface CodeRows {
  /** What this machine does fastest; all give the same bits. */
  CodeRows FASTEST = VectorModule.isUsed() ? new VectorCodeRows() : new PlainCodeRows();

  /**
   * Unpacks a row.
   *
   * @param from the row's bytes begin at {@code fromByte}
   * @param first index of the first channel's scales
   * @param to floats, native order, from {@code toIndex} (counted in floats) on
   */
  void unpack(
      MemorySegment from,
      long fromByte,
      KvScales.Part scales,
      int first,
      MemorySegment to,
      long toIndex,
      int channels);

  static int rowBytes(int channels, int bits) {
    return (channels * bits + Byte.SIZE - 1) / Byte.SIZE;
  }
}
