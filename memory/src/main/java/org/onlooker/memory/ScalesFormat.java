package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.KvScales;
import org.onlooker.core.KvShape;

/**
 * Calibrated scales as the store keeps them. The payload, behind the {@link ValueFrame},
 * little-endian:
 *
 * <pre>
 *  0  i32  layers, i32 kvHeads, i32 headDim, i32 opening, i32 closing
 * 20       for each layer its keys, then its values:
 *          i32 bits, f32[place][kvHead][headDim] offsets, f32[place][kvHead][headDim] steps
 * </pre>
 */
final class ScalesFormat {
  private static final int HEADER_BYTES = 5 * Integer.BYTES;

  private ScalesFormat() {}

  /** The first 8 bytes of SHA-256 over the payload: other scales have another id. */
  static long id(KvScales scales) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(payload(scales).array());
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static byte[] encode(byte[] key, KvScales scales) {
    byte[] payload = payload(scales).array();
    return MemoryFormat.seal(
        ValueFrame.Kind.SCALES, key, MemoryFormat.frame(payload.length).put(payload));
  }

  static Optional<KvScales> decode(byte[] key, byte[] value) {
    return MemoryFormat.open(ValueFrame.Kind.SCALES, key, value).map(ScalesFormat::scales);
  }

  private static ByteBuffer payload(KvScales scales) {
    KvShape shape = scales.shape();
    int numbers = scales.places() * shape.kvHeads() * shape.headDim();
    int part = Integer.BYTES + 2 * numbers * Float.BYTES;
    ByteBuffer to = ByteBuffer.allocate(HEADER_BYTES + 2 * shape.layers() * part)
        .order(ByteOrder.LITTLE_ENDIAN);
    to.putInt(shape.layers()).putInt(shape.kvHeads()).putInt(shape.headDim());
    to.putInt(scales.opening()).putInt(scales.closing());
    for (int layer = 0; layer < shape.layers(); layer++) {
      put(to, scales.keys().get(layer));
      put(to, scales.values().get(layer));
    }
    return to;
  }

  private static void put(ByteBuffer to, KvScales.Part part) {
    to.putInt(part.bits());
    for (float[] numbers : List.of(part.offsets(), part.steps())) {
      for (float number : numbers) {
        to.putFloat(number);
      }
    }
  }

  private static KvScales scales(ByteBuffer from) {
    KvShape shape = new KvShape(from.getInt(), from.getInt(), from.getInt());
    int opening = from.getInt();
    int closing = from.getInt();
    int numbers = (opening + 1 + closing) * shape.kvHeads() * shape.headDim();
    List<KvScales.Part> keys = new ArrayList<>();
    List<KvScales.Part> values = new ArrayList<>();
    for (int layer = 0; layer < shape.layers(); layer++) {
      keys.add(part(from, numbers));
      values.add(part(from, numbers));
    }
    return new KvScales(shape, opening, closing, keys, values);
  }

  private static KvScales.Part part(ByteBuffer from, int numbers) {
    int bits = from.getInt();
    return new KvScales.Part(bits, floats(from, numbers), floats(from, numbers));
  }

  private static float[] floats(ByteBuffer from, int count) {
    float[] numbers = new float[count];
    from.asFloatBuffer().get(numbers);
    from.position(from.position() + count * Float.BYTES);
    return numbers;
  }
}
