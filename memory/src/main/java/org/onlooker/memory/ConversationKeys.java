package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.onlooker.core.ConversationId;
import org.onlooker.core.StreamId;

/**
 * Keys of conversations: the stream's key ({@link MemoryKeys}), so that they leave with the stream;
 * the conversation's id as its length (one byte) and ASCII; a big-endian u64, which is 0 for the
 * conversation itself and counts its turns from 1.
 */
final class ConversationKeys {
  static final long HEAD = 0;

  private ConversationKeys() {}

  static byte[] of(StreamId stream, ConversationId conversation, long number) {
    byte[] prefix = MemoryKeys.stream(stream);
    byte[] id = conversation.value().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(prefix.length + 1 + id.length + Long.BYTES)
        .put(prefix)
        .put((byte) id.length)
        .put(id)
        .putLong(number)
        .array();
  }

  /** The first key behind all keys of a conversation, as turns never get that far. */
  static byte[] behind(StreamId stream, ConversationId conversation) {
    return of(stream, conversation, -1);
  }

  /** The first key behind all keys of {@code key}'s conversation. */
  static byte[] behind(byte[] key) {
    byte[] behind = key.clone();
    Arrays.fill(behind, key.length - Long.BYTES, key.length, (byte) 0xFF);
    return behind;
  }

  static StreamId stream(byte[] key) {
    return new StreamId(ascii(key, 1, key[0]));
  }

  static ConversationId conversation(byte[] key) {
    int length = 1 + key[0];
    return new ConversationId(ascii(key, length + 1, key[length]));
  }

  private static String ascii(byte[] key, int from, int length) {
    return new String(key, from, length, StandardCharsets.US_ASCII);
  }
}
