package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Gap;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.StreamSpec;
import org.onlooker.testing.Memories;

class RocksBackupTest {
  private static final StreamId DOOR = new StreamId("door");
  private static final StreamId YARD = new StreamId("yard");

  @TempDir
  Path folder;

  private RocksMemoryStore open(String name) {
    return RocksMemoryStore.open(
        folder.resolve(name), TestFolders.natives(), TestFolders.options());
  }

  @Test
  void restore_broughtIntoAnotherMemory_isWhole() {
    Path backup = folder.resolve("backup");
    try (RocksMemoryStore store = open("first")) {
      fill(store, "door", 20);
      fill(store, "yard", 5);
      store.appendGap(DOOR, new Gap(Span.ofSeconds(30, 40), "away"));
      store.backup(backup);
      TestFolders.append(store, "door", 20, 5);
    }
    try (RocksMemoryStore store = open("second")) {
      fill(store, "yard", 2);
      assertThat(store.restore(backup))
          .extracting(record -> record.spec().id())
          .containsExactly(DOOR);
      assertThat(store.nextSequence(DOOR)).isEqualTo(20);
      assertThat(store.gaps(DOOR, Span.ALL)).hasSize(1);
      assertThat(store.entries(YARD, Span.ALL)).hasSize(2);
      TestFolders.append(store, "door", 20, 1);
      for (int clip = 0; clip <= 20; clip++) {
        ClipCheck.assertWhole(store, "door", clip);
      }
      assertThat(store.restore(backup)).isEmpty();
    }
    try (RocksMemoryStore store = open("second")) {
      assertThat(store.streams()).hasSize(2);
      ClipCheck.assertWhole(store, "door", 7);
    }
  }

  @Test
  void backup_opensAsAMemory() {
    Path backup = folder.resolve("backup");
    try (RocksMemoryStore store = open("first")) {
      fill(store, "door", 20);
      store.backup(backup);
      store.removeStream(DOOR, true);
    }
    try (RocksMemoryStore store = open("backup")) {
      ClipCheck.assertWhole(store, "door", 19);
      assertThat(store.damagedCount()).isZero();
    }
  }

  @Test
  void restore_interrupted_leavesNothing() {
    try (RocksMemoryStore store = open("first")) {
      TestFolders.append(store, "door", 0, 5);
    }
    try (RocksDatabase raw = new RocksDatabase(folder.resolve("first"), TestFolders.options())) {
      raw.putDefault("restore/door".getBytes(StandardCharsets.US_ASCII), new byte[0]);
    }
    try (RocksMemoryStore store = open("first")) {
      assertThat(store.nextSequence(DOOR)).isZero();
      assertThat(store.entries(DOOR, Span.ALL)).isEmpty();
      TestFolders.append(store, "door", 0, 1);
    }
    try (RocksMemoryStore store = open("first")) {
      ClipCheck.assertWhole(store, "door", 0);
    }
  }

  private static void fill(RocksMemoryStore store, String stream, int clips) {
    store.putStream(new StreamRecord(StreamSpec.of(stream, "rtsp://host/x"), Memories.START));
    TestFolders.append(store, stream, 0, clips);
  }
}
