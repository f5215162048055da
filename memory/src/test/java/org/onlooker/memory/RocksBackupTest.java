package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Gap;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
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
      assertThat(restored(store, backup)).containsExactly(DOOR);
      assertThat(store.nextSequence(DOOR)).isEqualTo(20);
      assertThat(store.gaps(DOOR, Span.ALL)).hasSize(1);
      assertThat(store.entries(YARD, Span.ALL)).hasSize(2);
      TestFolders.append(store, "door", 20, 1);
      for (int clip = 0; clip <= 20; clip++) {
        ClipCheck.assertWhole(store, "door", clip);
      }
      assertThat(restored(store, backup)).isEmpty();
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
  void restore_endedByACrash_leavesNothing() {
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

  @Test
  void restore_diskNearlyFull_leavesNothing() {
    Path backup = folder.resolve("backup");
    try (RocksMemoryStore store = open("first")) {
      fill(store, "door", 5);
      store.backup(backup);
    }
    try (RocksMemoryStore store = RocksMemoryStore.open(
        folder.resolve("second"),
        TestFolders.natives(),
        TestFolders.options().withFreeBytesMin(Long.MAX_VALUE))) {
      assertThatThrownBy(() -> restored(store, backup))
          .isInstanceOfSatisfying(
              StoreException.class,
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DISK_LOW));
      assertThat(store.nextSequence(DOOR)).isZero();
      assertThat(store.streams()).isEmpty();
    }
    try (RocksMemoryStore store = open("second")) {
      assertThat(restored(store, backup)).containsExactly(DOOR);
      ClipCheck.assertWhole(store, "door", 4);
    }
  }

  @Test
  void restore_whereClipsWereRemoved_bringsNothingOfThatStream() {
    Path backup = folder.resolve("backup");
    try (RocksMemoryStore store = open("first")) {
      fill(store, "door", 5);
      store.backup(backup);
      TestFolders.append(store, "door", 5, 20);
      store.appendGap(DOOR, new Gap(Span.ofSeconds(30, 40), "away"));
      store.removeStream(DOOR, false);
      assertThat(restored(store, backup)).isEmpty();
      store.remove(DOOR, Span.ofSeconds(0, 25), 0);
      assertThat(store.nextSequence(DOOR)).isEqualTo(25);

      assertThat(restored(store, backup)).containsExactly(DOOR);

      assertThat(store.nextSequence(DOOR)).isEqualTo(5);
      assertThat(store.gaps(DOOR, Span.ALL)).isEmpty();
      ClipCheck.assertWhole(store, "door", 4);
    }
  }

  @Test
  void restore_whileAStreamComes_noneOfItsNameCanBePut() {
    Path backup = folder.resolve("backup");
    try (RocksMemoryStore store = open("first")) {
      fill(store, "door", 2);
      store.backup(backup);
    }
    try (RocksMemoryStore store = open("second")) {
      store.restore(
          backup,
          came -> assertThatThrownBy(() -> store.putStream(came))
              .isInstanceOf(StoreException.class)
              .hasMessageContaining("\"door\" is coming from a backup"));
      store.putStream(store.streams().getFirst());
    }
  }

  @Test
  void restore_interrupted_isFinishedByTheNextStart() {
    Path backup = folder.resolve("backup");
    try (RocksMemoryStore store = open("first")) {
      fill(store, "door", 2);
      store.backup(backup);
    }
    try (RocksMemoryStore store = open("second")) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> restored(store, backup)).hasMessageContaining("restore the backup");
      assertThat(Thread.interrupted()).isTrue();
    }
    try (RocksMemoryStore store = open("second")) {
      assertThat(restored(store, backup)).containsExactly(DOOR);
    }
  }

  @Test
  void restore_ofNoBackup_saysSo() throws Exception {
    Files.createDirectory(folder.resolve("empty"));
    try (RocksMemoryStore store = open("first")) {
      assertThatThrownBy(() -> restored(store, folder.resolve("empty")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("empty cannot be opened");
    }
    assertThat(folder.resolve("empty")).isEmptyDirectory();
  }

  private static List<StreamId> restored(RocksMemoryStore store, Path backup) {
    List<StreamId> restored = new ArrayList<>();
    store.restore(backup, stream -> restored.add(stream.spec().id()));
    return restored;
  }

  private static void fill(RocksMemoryStore store, String stream, int clips) {
    store.putStream(new StreamRecord(StreamSpec.of(stream, "rtsp://host/x"), Memories.START));
    TestFolders.append(store, stream, 0, clips);
  }
}
