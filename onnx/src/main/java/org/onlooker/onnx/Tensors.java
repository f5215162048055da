package org.onlooker.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/**
 * Off-heap memory as tensors, without a copy: a tensor reads and writes the segment it was made of,
 * which must outlive it. Zero-length tensors (an empty past) are made the same way.
 */
public final class Tensors {
  private Tensors() {}

  /** A tensor of 32-bit floats over the start of {@code memory}. */
  public static OnnxTensor floats(MemorySegment memory, long... shape) {
    return of(memory, OnnxJavaType.FLOAT, Float.BYTES, shape);
  }

  /** A tensor of 32-bit or, when {@code half}, 16-bit floats over the start of {@code memory}. */
  public static OnnxTensor floats(boolean half, MemorySegment memory, long... shape) {
    return of(memory, OnnxModel.floatType(half), half ? Short.BYTES : Float.BYTES, shape);
  }

  /** A tensor of 64-bit integers over the start of {@code memory}; no shape makes a scalar. */
  public static OnnxTensor longs(MemorySegment memory, long... shape) {
    return of(memory, OnnxJavaType.INT64, Long.BYTES, shape);
  }

  /** A tensor of booleans, one byte each, over the start of {@code memory}. */
  public static OnnxTensor booleans(MemorySegment memory, long... shape) {
    return of(memory, OnnxJavaType.BOOL, 1, shape);
  }

  private static OnnxTensor of(
      MemorySegment memory, OnnxJavaType type, int elementBytes, long[] shape) {
    long bytes = elementBytes;
    for (long dimension : shape) {
      bytes *= dimension;
    }
    if (!memory.isNative()) {
      throw new IllegalArgumentException("tensors are made of native memory only");
    }
    try {
      return OnnxTensor.createTensor(
          OnnxModel.environment(),
          memory.asSlice(0, bytes).asByteBuffer().order(ByteOrder.nativeOrder()),
          shape,
          type);
    } catch (OrtException e) {
      throw new IllegalStateException("cannot make a tensor: " + e.getMessage(), e);
    }
  }
}
