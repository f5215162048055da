package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The frame around every stored value. Numbers are little-endian.
 *
 * <pre>
 * 0  u8   version of the format: 2; 1 is read
 * 1  u8   kind: 1 clip, 2 visual tokens, 3 key means, 4 thumbnail, 5 block, 6 gap, 7 stream,
 *         8 conversation, 9 turn, 10 scales
 * 2  u16  zero
 * 4  u32  CRC32C of the value's key, its version and kind bytes, and its payload
 * 8       payload, see {@link MemoryFormat}, {@link BlockFormat}, {@link ScalesFormat} and
 *         {@link ConversationFormat}
 * </pre>
 *
 * The key is part of the checksum so that a value in another's place is not served either.
 */
final class ValueFrame {
  static final byte VERSION = 2;
  static final byte OLDEST_VERSION = 1;
  static final int BYTES = 8;

  /** What a value is. */
  enum Kind {
    CLIP(1),
    TOKENS(2),
    KEY_MEANS(3),
    THUMBNAIL(4),
    BLOCK(5),
    GAP(6),
    STREAM(7),
    CONVERSATION(8),
    TURN(9),
    SCALES(10),
    REMARK(11);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }
  }

  private ValueFrame() {}

  /** Fills the first {@link #BYTES} bytes of {@code value}, whose payload is already written. */
  static void seal(Kind kind, byte[] key, ByteBuffer value) {
    value.order(ByteOrder.LITTLE_ENDIAN);
    value.put(0, VERSION).put(1, kind.code).putShort(2, (short) 0);
    value.putInt(4, checksum(key, value));
  }

  /** The payload, little-endian; empty when the value is not whole or of another kind. */
  static Optional<ByteBuffer> open(Kind kind, byte[] key, ByteBuffer value) {
    value.order(ByteOrder.LITTLE_ENDIAN);
    boolean whole = value.limit() >= BYTES
        && value.get(0) >= OLDEST_VERSION
        && value.get(0) <= VERSION
        && value.get(1) == kind.code
        && value.getInt(4) == checksum(key, value);
    return whole ? Optional.of(payload(value)) : Optional.empty();
  }

  private static int checksum(byte[] key, ByteBuffer value) {
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(value.get(0));
    crc.update(value.get(1));
    crc.update(payload(value));
    return (int) crc.getValue();
  }

  private static ByteBuffer payload(ByteBuffer value) {
    return value.slice(BYTES, value.limit() - BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
