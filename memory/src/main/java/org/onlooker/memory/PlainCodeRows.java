package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.onlooker.core.KvScales;

/** Channel by channel. Also packs, which happens once a clip. */
final class PlainCodeRows implements CodeRows {
  @Override
  public void unpack(
      MemorySegment from,
      long fromByte,
      KvScales.Part scales,
      int first,
      MemorySegment to,
      long toIndex,
      int channels) {
    int bytes = CodeRows.rowBytes(channels, scales.bits());
    for (int start = 0; start < channels; start += bytes) {
      int count = Math.min(bytes, channels - start);
      int shift = start / bytes * scales.bits();
      unpackRun(from, fromByte, shift, scales, first + start, to, toIndex + start, count);
    }
  }

  /** Unpacks the codes that begin at one bit of successive bytes. */
  static void unpackRun(
      MemorySegment from,
      long fromByte,
      int shift,
      KvScales.Part scales,
      int first,
      MemorySegment to,
      long toIndex,
      int count) {
    int mask = (1 << scales.bits()) - 1;
    float[] steps = scales.steps();
    float[] offsets = scales.offsets();
    for (int i = 0; i < count; i++) {
      int code = from.get(JAVA_BYTE, fromByte + i) >>> shift & mask;
      to.setAtIndex(JAVA_FLOAT, toIndex + i, code * steps[first + i] + offsets[first + i]);
    }
  }

  /** Rounds a row to the nearest codes and packs them; parameters as of {@link #unpack}. */
  static void pack(
      MemorySegment from,
      long fromIndex,
      KvScales.Part scales,
      int first,
      MemorySegment to,
      long toByte,
      int channels) {
    int bytes = CodeRows.rowBytes(channels, scales.bits());
    int largest = (1 << scales.bits()) - 1;
    to.asSlice(toByte, bytes).fill((byte) 0);
    for (int c = 0; c < channels; c++) {
      float steps = (from.getAtIndex(JAVA_FLOAT, fromIndex + c) - scales.offsets()[first + c])
          / scales.steps()[first + c];
      int code = Math.clamp(Math.round(steps), 0, largest);
      long at = toByte + c % bytes;
      to.set(JAVA_BYTE, at, (byte) (to.get(JAVA_BYTE, at) | code << c / bytes * scales.bits()));
    }
  }
}
