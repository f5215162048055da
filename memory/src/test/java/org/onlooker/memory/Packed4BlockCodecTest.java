package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.testing.Memories;

final class Packed4BlockCodecTest extends BlockCodecContract {
  @Override
  BlockCodec codec(KvShape shape) {
    return new PackedBlockCodec(4);
  }

  @Override
  double errorMax() {
    return 0.14;
  }

  @Override
  double bytesPerNumberMax() {
    return 0.5626;
  }

  @Test
  void decode_isWithinHalfAStepOfEachChannel() {
    KvShape shape = new KvShape(1, 2, 6);
    try (KvBlock block = Memories.block(shape, 9, new Random(2));
        KvBlock decoded = KvBlock.allocate(shape, 9);
        Arena arena = Arena.ofConfined()) {
      codec(shape).decode(encoded(block, arena), decoded);
      for (int head = 0; head < 2; head++) {
        for (int channel = 0; channel < 6; channel++) {
          assertWithinHalfAStep(block, decoded, head, channel);
        }
      }
    }
  }

  private static void assertWithinHalfAStep(KvBlock block, KvBlock decoded, int head, int channel) {
    double smallest = Double.MAX_VALUE;
    double largest = -Double.MAX_VALUE;
    double wrong = 0;
    for (int token = 0; token < block.tokenCount(); token++) {
      long index = block.rowOffset(0, head, token) + channel;
      double number = block.keys().getAtIndex(JAVA_FLOAT, index);
      smallest = Math.min(smallest, number);
      largest = Math.max(largest, number);
      wrong = Math.max(wrong, Math.abs(number - decoded.keys().getAtIndex(JAVA_FLOAT, index)));
    }
    double halfStep = (largest - smallest) / 15 / 2;
    double rounding = Math.max(Math.abs(smallest), largest - smallest) / 1024;
    assertThat(wrong).isLessThanOrEqualTo(halfStep + rounding);
  }

  @Test
  void encodedBytes_ofManyTokens_haveScalesPer64() {
    KvShape shape = new KvShape(1, 1, 32);
    assertThat(codec(shape).encodedBytes(shape, 127)).isEqualTo(2 * (127 * 16 + 128));
    assertThat(codec(shape).encodedBytes(shape, 128)).isEqualTo(2 * (128 * 16 + 2 * 128));
  }

  @Test
  void new_otherBits_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PackedBlockCodec(3))
        .withMessageContaining("3 bits");
  }
}
