package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;

/** Compares what a store serves of a clip with what was appended. */
final class ClipCheck {
  private static final double INT8_ERROR = 0.01;

  private ClipCheck() {}

  /** Every part of the clip is there and right. */
  static void assertWhole(MemoryStore store, String stream, long sequence) {
    assertThat(rightParts(store, stream, sequence))
        .as("right parts of clip %d of %s", sequence, stream)
        .isEqualTo(5);
  }

  /** How many of a clip's 5 parts are there; a part that is there but wrong fails. */
  static int rightParts(MemoryStore store, String stream, long sequence) {
    Memory expected = Memories.memory(stream, sequence);
    ClipKey key = new ClipKey(new StreamId(stream), sequence);
    int parts = store.entry(key).map(entry -> check(entry, expected)).orElse(0);
    parts += store
        .thumbnail(key)
        .map(jpeg -> {
          assertThat(jpeg.bytes()).isEqualTo(expected.thumbnail().bytes());
          return 1;
        })
        .orElse(0);
    parts += store
        .tokens(key)
        .map(tokens -> {
          assertBytes(tokens.values(), expected.tokens().values());
          return 1;
        })
        .orElse(0);
    parts += store
        .keyMeans(key)
        .map(means -> {
          for (int layer = 0; layer < means.length; layer++) {
            assertBytes(means[layer], expected.keyMeans()[layer]);
          }
          return 1;
        })
        .orElse(0);
    parts += store.block(key).map(block -> check(block, stream, sequence)).orElse(0);
    return parts;
  }

  private static int check(ClipEntry entry, Memory expected) {
    assertThat(entry.key()).isEqualTo(expected.key());
    assertThat(entry.span()).isEqualTo(expected.span());
    assertThat(entry.startTime()).isEqualTo(expected.startTime());
    assertThat(entry.fingerprint()).isEqualTo(expected.fingerprint());
    assertThat(entry.caption()).isEqualTo(expected.caption());
    assertBytes(entry.embedding(), expected.embedding());
    return 1;
  }

  private static int check(KvBlock block, String stream, long sequence) {
    try (block;
        KvBlock expected = Memories.block(stream, sequence)) {
      assertThat(block.tokenCount()).isEqualTo(expected.tokenCount());
      assertThat(BlockCodecContract.relativeError(expected.keys(), block.keys()))
          .isLessThan(INT8_ERROR);
      assertThat(BlockCodecContract.relativeError(expected.values(), block.values()))
          .isLessThan(INT8_ERROR);
      return 1;
    }
  }

  private static void assertBytes(float[] actual, float[] expected) {
    float wrong = 0;
    float largest = 0;
    for (int i = 0; i < expected.length; i++) {
      wrong = Math.max(wrong, Math.abs(actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    assertThat(actual.length).isEqualTo(expected.length);
    assertThat(wrong).isLessThan(largest * 0.5f / 127 * 1.01f);
  }
}
