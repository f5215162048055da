package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.onlooker.core.StreamId;

/**
 * Keys of the store. A stream's key is its id's length (one byte) and the id (ASCII), so that no
 * stream's keys lie among another's; a clip's or a gap's key adds a big-endian u64, so that order
 * of keys is order of time.
 */
final class MemoryKeys {
  private MemoryKeys() {}

  static byte[] stream(StreamId stream) {
    byte[] id = stream.value().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + id.length).put((byte) id.length).put(id).array();
  }

  static byte[] of(StreamId stream, long number) {
    byte[] prefix = stream(stream);
    return ByteBuffer.allocate(prefix.length + Long.BYTES)
        .put(prefix)
        .putLong(number)
        .array();
  }

  /** The number at the end of a key made by {@link #of}. */
  static long number(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }

  /** The first key behind all keys of a stream. */
  static byte[] behind(StreamId stream) {
    byte[] prefix = stream(stream);
    byte[] key = Arrays.copyOf(prefix, prefix.length + Long.BYTES + 1);
    Arrays.fill(key, prefix.length, key.length, (byte) 0xFF);
    return key;
  }

  static StreamId streamOf(byte[] streamKey) {
    return new StreamId(new String(streamKey, 1, streamKey.length - 1, StandardCharsets.US_ASCII));
  }
}
