package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.testing.Memories;

/** What every {@link BlockCodec} does. */
abstract class BlockCodecContract {
  abstract BlockCodec codec();

  /** Root mean square error relative to that of the numbers, on {@link Memories#block}. */
  abstract double errorMax();

  /** Bytes per number, scales included, for SmolVLM-256M's shape with 64 tokens per frame. */
  abstract double bytesPerNumberMax();

  @Test
  final void decode_givesWhatWasEncoded() {
    KvShape[] shapes = {
      new KvShape(1, 1, 1), new KvShape(2, 3, 5), new KvShape(6, 2, 32), new KvShape(30, 3, 64)
    };
    for (KvShape shape : shapes) {
      for (int tokens : new int[] {1, 2, 37}) {
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
  final void decode_zerosAndExtremes_stayFiniteAndSigned() {
    try (KvBlock block = KvBlock.allocate(new KvShape(1, 1, 4), 2)) {
      float[] numbers = {0, 1e-7f, -3e4f, 9e4f, 0, -1e-7f, 3e4f, -9e4f};
      MemorySegment.copy(numbers, 0, block.keys(), JAVA_FLOAT, 0, numbers.length);
      MemorySegment.copy(numbers, 0, block.values(), JAVA_FLOAT, 0, numbers.length);
      try (KvBlock decoded = roundTrip(block)) {
        for (int i = 0; i < numbers.length; i++) {
          float key = decoded.keys().getAtIndex(JAVA_FLOAT, i);
          assertThat(key).isFinite();
          assertThat(key * numbers[i]).isGreaterThanOrEqualTo(0);
          assertThat(decoded.values().getAtIndex(JAVA_FLOAT, i)).isFinite();
        }
        assertThat(decoded.keys().getAtIndex(JAVA_FLOAT, 0)).isZero();
      }
    }
  }

  @Test
  final void encodedBytes_perNumber_areFew() {
    KvShape smolVlm = new KvShape(30, 3, 64);
    double numbers = 2.0 * smolVlm.floatsPerToken() * 128;
    assertThat(codec().encodedBytes(smolVlm, 128) / numbers).isLessThan(bytesPerNumberMax());
  }

  private KvBlock roundTrip(KvBlock block) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment encoded =
          arena.allocate(codec().encodedBytes(block.shape(), block.tokenCount()));
      codec().encode(block, encoded);
      KvBlock decoded = KvBlock.allocate(block.shape(), block.tokenCount());
      codec().decode(encoded, decoded);
      return decoded;
    }
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
