package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;
import org.onlooker.testing.MemoryStoreContract;

final class HeapMemoryStoreTest extends MemoryStoreContract {
  private static final StreamId DOOR = new StreamId("door");

  @Override
  protected MemoryStore open() {
    return new HeapMemoryStore(1000);
  }

  @Override
  protected double blockError() {
    return 1.0 / 2048; // half floats
  }

  @Test
  void append_overTheBound_forgetsTheOldest() {
    try (HeapMemoryStore store = new HeapMemoryStore(3)) {
      append(store, 0, 5);
      assertThat(store.entries(DOOR, Span.ALL)).hasSize(3);
      assertThat(store.block(new ClipKey(DOOR, 1))).isEmpty();
      assertThat(store.nextSequence(DOOR)).isEqualTo(5);
    }
  }

  @Test
  void clipsThatRepeatOneThatLeaves_leaveWithIt_andAllAreTold() {
    List<Long> gone = new ArrayList<>();
    try (HeapMemoryStore store = store("oldest", 2, gone)) {
      append(store, 0, 1);
      store.appendRepeat(Memories.repeat("door", 1, 0));
      append(store, 2, 4);
      assertThat(sequences(store)).containsExactly(2L, 3L);
      assertThat(gone).containsExactly(0L, 1L);
    }
  }

  @Test
  void aClipThatIsStillRepeated_isNotTheOldest() {
    try (HeapMemoryStore store = store("oldest", 2, new ArrayList<>())) {
      append(store, 0, 2);
      store.appendRepeat(Memories.repeat("door", 2, 0));
      append(store, 3, 4);
      assertThat(sequences(store)).containsExactly(0L, 2L, 3L);
    }
  }

  @Test
  void repeats_areBoundedToo() {
    List<Long> gone = new ArrayList<>();
    try (HeapMemoryStore store = store("oldest", 2, gone)) {
      append(store, 0, 1);
      for (int sequence = 1; sequence < 1000; sequence++) {
        store.appendRepeat(Memories.repeat("door", sequence, 0));
      }
      assertThat(store.entries(DOOR, Span.ALL)).hasSize(34);
      assertThat(sequences(store)).startsWith(0L).endsWith(999L);
      assertThat(gone).hasSize(966);
    }
  }

  @ParameterizedTest
  @FieldSource("org.onlooker.memory.Evictions#NAMES")
  void anyEviction_keepsTheBound_andTheNewestClip(String eviction) {
    List<Long> gone = new ArrayList<>();
    try (HeapMemoryStore store = store(eviction, 20, gone)) {
      for (int sequence = 0; sequence < 300; sequence++) {
        append(store, sequence, sequence + 1);
        List<Long> kept = sequences(store);
        assertThat(kept).hasSizeLessThanOrEqualTo(20).endsWith((long) sequence);
        assertThat(kept.size() + gone.size()).isEqualTo(sequence + 1);
      }
      assertThat(sequences(store)).hasSizeGreaterThanOrEqualTo(10);
      for (long sequence : sequences(store)) {
        assertThat(store.block(new ClipKey(DOOR, sequence)).stream().peek(KvBlock::close))
            .hasSize(1);
      }
    }
  }

  private static HeapMemoryStore store(String eviction, int clipsMax, List<Long> gone) {
    var bounds = new HeapMemoryStore.Bounds(clipsMax, Evictions.of(eviction), new Fp16BlockCodec());
    return new HeapMemoryStore(bounds, clip -> gone.add(clip.key().sequence()));
  }

  private static void append(MemoryStore store, int from, int to) {
    for (int sequence = from; sequence < to; sequence++) {
      try (KvBlock block = Memories.block("door", sequence)) {
        store.append(Memories.memory("door", sequence), block);
      }
    }
  }

  private static List<Long> sequences(MemoryStore store) {
    return store.entries(DOOR, Span.ALL).stream()
        .map(entry -> entry.key().sequence())
        .toList();
  }
}
