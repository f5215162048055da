package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;
import org.onlooker.testing.MemoryStoreContract;

final class HeapMemoryStoreTest extends MemoryStoreContract {
  @Override
  protected MemoryStore open() {
    return new HeapMemoryStore(1000);
  }

  @Override
  protected double blockError() {
    return 0;
  }

  @Test
  void append_overTheBound_forgetsTheOldest() {
    try (HeapMemoryStore store = new HeapMemoryStore(3)) {
      for (int sequence = 0; sequence < 5; sequence++) {
        try (KvBlock block = Memories.block("door", sequence)) {
          store.append(Memories.memory("door", sequence), block);
        }
      }
      StreamId door = new StreamId("door");
      assertThat(store.entries(door, Span.ALL)).hasSize(3);
      assertThat(store.block(new ClipKey(door, 1))).isEmpty();
      assertThat(store.nextSequence(door)).isEqualTo(5);
    }
  }
}
