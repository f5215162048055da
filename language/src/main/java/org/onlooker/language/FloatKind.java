package org.onlooker.language;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Floats in native memory as a graph stores them. */
public enum FloatKind {
  F32(Float.BYTES),
  F16(Short.BYTES);

  private final int bytes;

  FloatKind(int bytes) {
    this.bytes = bytes;
  }

  public static FloatKind of(boolean half) {
    return half ? F16 : F32;
  }

  public int bytes() {
    return bytes;
  }

  /** The float at {@code index}, counted in floats. */
  public float get(MemorySegment memory, long index) {
    return this == F32
        ? memory.getAtIndex(ValueLayout.JAVA_FLOAT, index)
        : Float.float16ToFloat(memory.getAtIndex(ValueLayout.JAVA_SHORT, index));
  }

  public void set(MemorySegment memory, long index, float value) {
    if (this == F32) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
    } else {
      memory.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16(value));
    }
  }

  /** Copies {@code count} floats, converting where the kinds differ. */
  public void copyTo(
      MemorySegment from,
      long fromIndex,
      FloatKind kind,
      MemorySegment to,
      long toIndex,
      int count) {
    if (kind == this) {
      MemorySegment.copy(from, fromIndex * bytes, to, toIndex * bytes, (long) count * bytes);
      return;
    }
    for (int i = 0; i < count; i++) {
      kind.set(to, toIndex + i, get(from, fromIndex + i));
    }
  }
}
