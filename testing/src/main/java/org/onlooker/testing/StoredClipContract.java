package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.onlooker.testing.Memories.block;
import static org.onlooker.testing.Memories.memory;
import static org.onlooker.testing.Memories.repeat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.StreamId;
import org.onlooker.core.VisualTokens;

/** What every {@link MemoryStore} keeps of a clip; see {@link MemoryStoreContract}. */
abstract class StoredClipContract {
  static final StreamId DOOR = new StreamId("door");
  /** Of numbers kept as signed bytes. */
  static final double BYTE_ERROR = 0.5 / 127 * 1.01;

  MemoryStore store;

  /** A new, empty store. */
  protected abstract MemoryStore open();

  /** Largest error of a key or value, as a fraction of the block's largest magnitude. */
  protected abstract double blockError();

  @BeforeEach
  final void openStore() {
    store = open();
  }

  @AfterEach
  final void closeStore() {
    store.close();
  }

  @Test
  final void append_everyPartIsFound() {
    append("door", 0);
    Memory memory = memory("door", 0);
    ClipEntry entry = store.entry(memory.key()).orElseThrow();
    assertThat(entry)
        .usingRecursiveComparison()
        .ignoringFields("embedding")
        .isEqualTo(memory.entry());
    assertClose(entry.embedding(), memory.embedding());
    assertThat(store.thumbnail(memory.key()).orElseThrow().bytes())
        .isEqualTo(memory.thumbnail().bytes());
    assertClose(
        store.tokens(memory.key()).orElseThrow().values(), memory.tokens().values());
    float[][] means = store.keyMeans(memory.key()).orElseThrow();
    assertThat(means).hasNumberOfRows(memory.keyMeans().length);
    for (int layer = 0; layer < means.length; layer++) {
      assertClose(means[layer], memory.keyMeans()[layer]);
    }
    assertBlock("door", 0);
  }

  @Test
  final void append_clipWithoutEmbeddingOrCaption_isFound() {
    Memory full = memory("door", 0);
    Memory bare = new Memory(
        full.key(),
        full.span(),
        full.startTime(),
        "",
        full.tokens(),
        new float[0],
        new float[0][],
        "",
        full.thumbnail());
    try (KvBlock block = block("door", 0)) {
      store.append(bare, block);
    }
    ClipEntry entry = store.entry(full.key()).orElseThrow();
    assertThat(entry.embedding()).isEmpty();
    assertThat(entry.caption()).isEmpty();
    assertThat(store.keyMeans(full.key()).orElseThrow()).isEmpty();
  }

  @Test
  final void append_someTokensOnly_keepTheirPlaces() {
    Memory full = memory("door", 0);
    VisualTokens some = full.tokens().keep(index -> index % 3 == 1);
    try (KvBlock block = block("door", 0)) {
      store.append(Memories.withTokens(full, some), block);
    }
    VisualTokens found = store.tokens(full.key()).orElseThrow();
    assertThat(found.places()).isEqualTo(some.places());
    assertThat(found.countsByFrame()).isEqualTo(some.countsByFrame());
    assertClose(found.values(), some.values());
  }

  @Test
  final void appendRepeat_keepsTheEntryAlone() {
    append("door", 0);
    ClipEntry repeat = repeat("door", 1, 0);
    store.appendRepeat(repeat);
    assertThat(store.entry(repeat.key()).orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("embedding")
        .isEqualTo(repeat);
    assertThat(store.block(repeat.key())).isEmpty();
    assertThat(store.tokens(repeat.key())).isEmpty();
    assertThat(store.thumbnail(repeat.key())).isEmpty();
    assertThat(store.storedThrough(DOOR)).contains(repeat.span().end());
    assertThat(store.nextSequence(DOOR)).isEqualTo(2);
    assertThat(sequences(store.newest(DOOR, repeat.span().end(), 9))).containsExactly(0L, 1L);
    assertBlock("door", 0);
  }

  @Test
  final void scanKeyMeans_givesThoseOfOriginalsInOrder() {
    appendAll("door", 3);
    store.appendRepeat(repeat("door", 3, 2));
    append("door", 4);
    append("doors", 1);
    List<Long> scanned = new ArrayList<>();
    store.scanKeyMeans(DOOR, 1, 5, (sequence, means) -> {
      scanned.add(sequence);
      assertThat(means)
          .isDeepEqualTo(store.keyMeans(new ClipKey(DOOR, sequence)).orElseThrow());
    });
    assertThat(scanned).containsExactly(1L, 2L, 4L);
  }

  @Test
  final void appendRepeat_sequenceThatDoesNotRise_isRefused() {
    append("door", 3);
    assertThatIllegalArgumentException().isThrownBy(() -> store.appendRepeat(repeat("door", 3, 3)));
    assertThatIllegalArgumentException().isThrownBy(() -> repeat("door", 3, 4));
  }

  /** Appends the made-up clip of this stream and sequence. */
  final void append(String stream, long sequence) {
    try (KvBlock block = block(stream, sequence)) {
      store.append(memory(stream, sequence), block);
    }
  }

  final void appendAll(String stream, int count) {
    for (int sequence = 0; sequence < count; sequence++) {
      append(stream, sequence);
    }
  }

  final void assertBlock(String stream, long sequence) {
    try (KvBlock expected = block(stream, sequence);
        KvBlock actual =
            store.block(new ClipKey(new StreamId(stream), sequence)).orElseThrow()) {
      assertThat(actual.shape()).isEqualTo(expected.shape());
      assertThat(actual.tokenCount()).isEqualTo(expected.tokenCount());
      assertClose(floats(actual.keys()), floats(expected.keys()), blockError());
      assertClose(floats(actual.values()), floats(expected.values()), blockError());
    }
  }

  static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT);
  }

  static void assertClose(float[] actual, float[] expected) {
    assertClose(actual, expected, BYTE_ERROR);
  }

  static void assertClose(float[] actual, float[] expected, double error) {
    float largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(actual).containsExactly(expected, Offset.offset((float) (error * largest)));
  }

  static List<Long> sequences(List<ClipEntry> entries) {
    return entries.stream().map(entry -> entry.key().sequence()).toList();
  }
}
