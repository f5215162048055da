package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvScales;
import org.onlooker.core.KvShape;
import org.onlooker.testing.Memories;

final class CalibratedBlockCodecTest extends BlockCodecContract {
  @Override
  BlockCodec codec(KvShape shape) {
    return new CalibratedBlockCodec(TestScales.of(shape, 8));
  }

  @Override
  double errorMax() {
    return 0.06;
  }

  @Override
  double bytesPerNumberMax() {
    return 1.001;
  }

  @Test
  void decode_isWithinHalfAStepOfItsPlace() {
    KvShape shape = new KvShape(3, 2, 16);
    KvScales scales = TestScales.of(shape, List.of(8, 4, 2));
    CalibratedBlockCodec codec = new CalibratedBlockCodec(scales);
    for (int tokens : new int[] {1, 2, 3, 4, 11}) {
      try (KvBlock block = Memories.block(shape, tokens, new Random(tokens));
          KvBlock decoded = KvBlock.allocate(shape, tokens);
          Arena arena = Arena.ofConfined()) {
        MemorySegment to = arena.allocate(codec.encodedBytes(shape, tokens));
        codec.encode(block, to);
        codec.decode(to, decoded);
        for (int layer = 0; layer < shape.layers(); layer++) {
          assertWithinHalfAStep(scales, layer, block, decoded);
        }
      }
    }
  }

  private static void assertWithinHalfAStep(
      KvScales scales, int layer, KvBlock block, KvBlock decoded) {
    KvShape shape = scales.shape();
    for (int head = 0; head < shape.kvHeads(); head++) {
      for (int token = 0; token < block.tokenCount(); token++) {
        int first = scales.index(scales.place(token, block.tokenCount()), head);
        for (int c = 0; c < shape.headDim(); c++) {
          long index = block.rowOffset(layer, head, token) + c;
          float halfStep = scales.values().get(layer).steps()[first + c] / 2;
          assertThat(decoded.values().getAtIndex(JAVA_FLOAT, index))
              .isBetween(
                  block.values().getAtIndex(JAVA_FLOAT, index) - halfStep * 1.001f,
                  block.values().getAtIndex(JAVA_FLOAT, index) + halfStep * 1.001f);
        }
      }
    }
  }

  @Test
  void decode_withOtherScales_isRefused() {
    KvShape shape = new KvShape(1, 1, 8);
    try (KvBlock block = Memories.block(shape, 3, new Random(3));
        Arena arena = Arena.ofConfined()) {
      MemorySegment encoded = encoded(block, arena);
      var others = new CalibratedBlockCodec(TestScales.of(shape, 4));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> others.decode(encoded, block))
          .withMessageContaining("other scales");
    }
  }

  @Test
  void encode_blockOfAnotherShape_isRefused() {
    KvShape shape = new KvShape(1, 1, 8);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec(shape).encodedBytes(new KvShape(1, 2, 8), 3))
        .withMessageContaining("kvHeads=2");
  }
}
