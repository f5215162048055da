package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.testing.Memories;

/** What every {@link BlockCodec} does. */
abstract class BlockCodecContract {
  static final KvShape SMOL_VLM = new KvShape(30, 3, 64);

  /** The codec for blocks of a shape. */
  abstract BlockCodec codec(KvShape shape);

  /** Root mean square error relative to that of the numbers, on {@link Memories#block}. */
  abstract double errorMax();

  /** Bytes per number, scales included, for SmolVLM-256M's shape with 64 tokens per frame. */
  abstract double bytesPerNumberMax();

  @Test
  final void decode_givesWhatWasEncoded() {
    KvShape[] shapes = {new KvShape(1, 1, 1), new KvShape(2, 3, 5), new KvShape(6, 2, 32), SMOL_VLM
    };
    for (KvShape shape : shapes) {
      for (int tokens : new int[] {1, 2, 37, 130}) {
        Random random = new Random(tokens);
        try (KvBlock block = Memories.block(shape, tokens, random);
            KvBlock decoded = roundTrip(block)) {
          assertThat(relativeError(block.keys(), decoded.keys())).isLessThan(errorMax());
          assertThat(relativeError(block.values(), decoded.values())).isLessThan(errorMax());
        }
      }
    }
  }

  @Test
  final void decode_zerosAndExtremes_stayFinite() {
    float[] numbers = {0, 1e-7f, -3e4f, 9e4f, 0, -1e-7f, 3e4f, -9e4f};
    try (KvBlock block = KvBlock.allocate(new KvShape(1, 1, 4), 2)) {
      MemorySegment.copy(numbers, 0, block.keys(), JAVA_FLOAT, 0, numbers.length);
      MemorySegment.copy(numbers, 0, block.values(), JAVA_FLOAT, 0, numbers.length);
      try (KvBlock decoded = roundTrip(block)) {
        for (int i = 0; i < numbers.length; i++) {
          assertThat(decoded.keys().getAtIndex(JAVA_FLOAT, i)).isFinite();
          assertThat(decoded.values().getAtIndex(JAVA_FLOAT, i)).isFinite();
        }
      }
    }
  }

  @Test
  final void decode_again_isTheSame() {
    try (KvBlock block = Memories.block(new KvShape(2, 2, 32), 20, new Random(4));
        KvBlock once = roundTrip(block);
        KvBlock twice = roundTrip(block)) {
      assertThat(once.keys().mismatch(twice.keys())).isEqualTo(-1);
      assertThat(once.values().mismatch(twice.values())).isEqualTo(-1);
    }
  }

  @Test
  final void encode_writesItsBytesAndNoMore() {
    KvShape shape = new KvShape(2, 3, 10);
    try (KvBlock block = Memories.block(shape, 7, new Random(1));
        Arena arena = Arena.ofConfined()) {
      long bytes = codec(shape).encodedBytes(shape, 7);
      codec(shape).encode(block, arena.allocate(bytes));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> codec(shape).encode(block, arena.allocate(bytes - 1)));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> codec(shape).decode(truncated(block, arena), block));
    }
  }

  private MemorySegment truncated(KvBlock block, Arena arena) {
    MemorySegment whole = encoded(block, arena);
    return whole.asSlice(0, whole.byteSize() - 1);
  }

  @Test
  final void encodedBytes_perNumber_areFew() {
    double numbers = 2.0 * SMOL_VLM.floatsPerToken() * 128;
    assertThat(codec(SMOL_VLM).encodedBytes(SMOL_VLM, 128) / numbers)
        .isLessThan(bytesPerNumberMax());
  }

  private KvBlock roundTrip(KvBlock block) {
    try (Arena arena = Arena.ofConfined()) {
      KvBlock decoded = KvBlock.allocate(block.shape(), block.tokenCount());
      codec(block.shape()).decode(encoded(block, arena), decoded);
      return decoded;
    }
  }

  final MemorySegment encoded(KvBlock block, Arena arena) {
    BlockCodec codec = codec(block.shape());
    MemorySegment to = arena.allocate(codec.encodedBytes(block.shape(), block.tokenCount()));
    codec.encode(block, to);
    return to;
  }

  static double relativeError(MemorySegment expected, MemorySegment actual) {
    double error = 0;
    double energy = 0;
    for (long i = 0; i < expected.byteSize() / Float.BYTES; i++) {
      double value = expected.getAtIndex(JAVA_FLOAT, i);
      double difference = actual.getAtIndex(JAVA_FLOAT, i) - value;
      error += difference * difference;
      energy += value * value;
    }
    return Math.sqrt(error / energy);
  }
}
