package org.onlooker.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;

/**
 * A block's value, in native memory. The payload, behind the {@link ValueFrame}, little-endian:
 *
 * <pre>
 *  0  u8   codec id: 1 {@link Fp16BlockCodec}, 2 {@link Int8BlockCodec}
 *  1       zero (3 bytes)
 *  4  i32  layers
 *  8  i32  kvHeads
 * 12  i32  headDim
 * 16  i32  tokenCount
 * 20       zero (4 bytes)
 * 24       what the codec writes
 * </pre>
 */
final class BlockFormat {
  private static final int HEADER_BYTES = 24;
  private static final List<BlockCodec> CODECS =
      List.of(new Fp16BlockCodec(), new Int8BlockCodec());

  private BlockFormat() {}

  /** The framed value, allocated from {@code arena}. */
  static ByteBuffer encode(KvBlock block, BlockCodec codec, byte[] key, Arena arena) {
    KvShape shape = block.shape();
    long body = codec.encodedBytes(shape, block.tokenCount());
    MemorySegment value = arena.allocate(ValueFrame.BYTES + HEADER_BYTES + body, Long.BYTES);
    ByteBuffer bytes = value.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(ValueFrame.BYTES, codec.id());
    bytes.position(ValueFrame.BYTES + 4);
    bytes.putInt(shape.layers()).putInt(shape.kvHeads()).putInt(shape.headDim());
    bytes.putInt(block.tokenCount());
    codec.encode(block, value.asSlice(ValueFrame.BYTES + HEADER_BYTES));
    bytes.clear();
    ValueFrame.seal(ValueFrame.Kind.BLOCK, key, bytes);
    return bytes;
  }

  /** The block, which the caller closes; empty when the value is not whole. */
  static Optional<KvBlock> decode(byte[] key, ByteBuffer value) {
    return ValueFrame.open(ValueFrame.Kind.BLOCK, key, value).flatMap(BlockFormat::decodePayload);
  }

  private static Optional<KvBlock> decodePayload(ByteBuffer payload) {
    byte id = payload.get(0);
    KvShape shape = new KvShape(payload.getInt(4), payload.getInt(8), payload.getInt(12));
    int tokens = payload.getInt(16);
    Optional<BlockCodec> codec = CODECS.stream().filter(c -> c.id() == id).findFirst();
    if (codec.isEmpty()
        || payload.limit() != HEADER_BYTES + codec.get().encodedBytes(shape, tokens)) {
      return Optional.empty();
    }
    KvBlock block = KvBlock.allocate(shape, tokens);
    codec.get().decode(MemorySegment.ofBuffer(payload).asSlice(HEADER_BYTES), block);
    return Optional.of(block);
  }
}
