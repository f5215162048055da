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
 *  0  u8   codec id: 1 {@link Fp16BlockCodec}, 2 {@link Int8BlockCodec}, 3 and 4 {@link
 *         PackedBlockCodec} of 4 and 2 bits, 5 {@link CalibratedBlockCodec}
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
  private static final List<BlockCodec> CODECS = List.of(
      new Fp16BlockCodec(), new Int8BlockCodec(), new PackedBlockCodec(4), new PackedBlockCodec(2));

  private final KnownScales scales;

  BlockFormat(KnownScales scales) {
    this.scales = scales;
  }

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

  /**
   * The block, which the caller closes; empty when the value is not whole, or was written with
   * scales that are lost.
   */
  Optional<KvBlock> decode(byte[] key, ByteBuffer value) {
    return ValueFrame.open(ValueFrame.Kind.BLOCK, key, value).flatMap(this::decodePayload);
  }

  private Optional<KvBlock> decodePayload(ByteBuffer payload) {
    KvShape shape = new KvShape(payload.getInt(4), payload.getInt(8), payload.getInt(12));
    int tokens = payload.getInt(16);
    MemorySegment body = MemorySegment.ofBuffer(payload).asSlice(HEADER_BYTES);
    return codec(payload.get(0), body, shape)
        .filter(codec -> codec.encodedBytes(shape, tokens) == body.byteSize())
        .map(codec -> {
          KvBlock block = KvBlock.allocate(shape, tokens);
          codec.decode(body, block);
          return block;
        });
  }

  private Optional<? extends BlockCodec> codec(byte id, MemorySegment body, KvShape shape) {
    if (id != CalibratedBlockCodec.ID) {
      return CODECS.stream().filter(codec -> codec.id() == id).findFirst();
    }
    return body.byteSize() < Long.BYTES
        ? Optional.empty()
        : scales
            .find(CalibratedBlockCodec.scalesId(body))
            .filter(codec -> codec.scales().shape().equals(shape));
  }
}
