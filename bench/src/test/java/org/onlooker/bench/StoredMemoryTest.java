package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.StreamId;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import org.onlooker.testing.Memories;

class StoredMemoryTest {
  private static final List<String> STREAMS = List.of("door");
  private static final int CLIPS = 20;

  @TempDir
  private Path folder;

  @Test
  void read_wholeMemory_hasEveryPart() {
    StoredMemory memory = stored("whole", "door");

    assertThat(memory.clips()).hasSize(CLIPS);
    assertThat(memory.whole()).isEqualTo(CLIPS);
    assertThat(memory.torn() + memory.damaged()).isZero();
    assertThat(memory.wrongIn(memory)).isZero();
  }

  @Test
  void lost_clipThatWasAcknowledged_isCountedOnce() {
    StoredMemory memory = stored("whole", "door");
    long last = Memories.span(CLIPS - 1).end().micros();
    Acknowledged acknowledged = new Acknowledged();

    assertThat(acknowledged.stored("door", last)).isTrue();
    assertThat(memory.lost(acknowledged, STREAMS)).isZero();
    assertThat(acknowledged.stored("door", last + 1_000_000)).isTrue();
    assertThat(acknowledged.stored("door", last + 1_000_000)).isFalse();
    assertThat(memory.lost(acknowledged, STREAMS)).isEqualTo(1);
  }

  @Test
  void otherThan_thumbnailThatWasTold_isCompared() {
    StoredMemory memory = stored("whole", "door");
    long end = Memories.span(3).end().micros();
    Acknowledged acknowledged = new Acknowledged();
    byte[] jpeg = Memories.memory("door", 3).thumbnail().bytes();

    acknowledged.thumbnail("door", end, jpeg);
    assertThat(memory.otherThan(acknowledged, STREAMS)).isZero();
    acknowledged.thumbnail("door", end, new byte[] {1});
    assertThat(memory.otherThan(acknowledged, STREAMS)).isEqualTo(1);
  }

  @Test
  void wrongIn_clipsOfAnotherMemory_areWrongAndMissingOnesAreNot() {
    StoredMemory memory = stored("whole", "door");
    StoredMemory other = stored("other", "yard");
    ClipKey first = new ClipKey(new StreamId("door"), 0);
    StoredMemory oneLeft = new StoredMemory(Map.of(first, memory.clips().get(first)), 0);

    assertThat(memory.wrongIn(other)).isEqualTo(CLIPS);
    assertThat(memory.wrongIn(oneLeft)).isZero();
  }

  private StoredMemory stored(String name, String stream) {
    Path natives = Path.of(System.getProperty("onlooker.root", ".."), ".onlooker", "native");
    Path path = folder.resolve(name);
    RocksOptions options = RocksOptions.defaults().withFreeBytesMin(0);
    try (RocksMemoryStore store = RocksMemoryStore.open(path, natives, options)) {
      for (long sequence = 0; sequence < CLIPS; sequence++) {
        Memory memory = Memories.memory(stream, sequence);
        try (KvBlock block = Memories.block(stream, sequence)) {
          store.append(memory, block);
        }
      }
    }
    return StoredMemory.read(path, natives);
  }
}
