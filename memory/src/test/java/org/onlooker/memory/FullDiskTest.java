package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Await;
import org.onlooker.testing.SmallDisk;

/** A disk that is really full, not only below the floor: writes fail in the middle. */
@Timeout(180)
final class FullDiskTest {
  private static final int DISK_MEBIBYTES = 96;
  private static final int MEBIBYTE = 1 << 20;
  private static final int CLIPS_MAX = 100_000;
  private static final StreamId DOOR = new StreamId("door");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path folder;

  private SmallDisk disk;

  @BeforeEach
  void mount() throws IOException {
    String missing = SmallDisk.missing();
    assumeTrue(missing.isEmpty(), missing);
    disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEBIBYTES);
  }

  @AfterEach
  void unmount() throws IOException {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void append_diskFull_saysSoAndIsTakenUpAgainWhenThereIsRoom() throws IOException {
    try (RocksMemoryStore store = open()) {
      TestFolders.append(store, "door", 0, 20);
      disk.fill(4 * MEBIBYTE);
      long stored = appendUntilFull(store, 20);
      assertAllThere(store, stored);
      disk.makeRoom();
      Await.until("a clip is stored again", PATIENCE, () -> isAppended(store, stored));
      TestFolders.append(store, "door", stored + 1, 20);
      assertAllThere(store, stored + 21);
    }
    try (RocksMemoryStore store = open()) {
      assertAllThere(store, store.nextSequence(DOOR));
      assertThat(store.damagedCount()).isZero();
    }
  }

  @Test
  void open_diskFull_isRefusedOrServesAndNothingIsLost() throws IOException {
    long stored;
    try (RocksMemoryStore store = open()) {
      disk.fill(4 * MEBIBYTE);
      stored = appendUntilFull(store, 0);
    }
    disk.fill(0);
    try (RocksMemoryStore store = open()) {
      assertAllThere(store, stored);
    } catch (StoreException e) {
      assertThat(e.reason()).isEqualTo(StoreException.Reason.DISK_LOW);
      assertThat(e).hasMessageContaining(disk.folder().toString());
    }
    disk.makeRoom();
    try (RocksMemoryStore store = open()) {
      assertAllThere(store, stored);
      TestFolders.append(store, "door", stored, 20);
      assertAllThere(store, stored + 20);
    }
  }

  private RocksMemoryStore open() {
    RocksOptions options = RocksOptions.defaults().withFreeBytesMin(0).withMemtableBytes(MEBIBYTE);
    return RocksMemoryStore.open(disk.folder().resolve("memory"), TestFolders.natives(), options);
  }

  /** Returns how many clips there are; that the next one is refused is tried more than once. */
  private long appendUntilFull(RocksMemoryStore store, long from) {
    long next = from;
    while (next < CLIPS_MAX && isAppended(store, next)) {
      next++;
    }
    long refused = next;
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> TestFolders.append(store, "door", refused, 1))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DISK_LOW));
    }
    assertThat(store.nextSequence(DOOR)).isEqualTo(next);
    return next;
  }

  private static boolean isAppended(RocksMemoryStore store, long sequence) {
    try {
      TestFolders.append(store, "door", sequence, 1);
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  private static void assertAllThere(RocksMemoryStore store, long count) {
    for (long sequence = 0; sequence < count; sequence++) {
      ClipCheck.assertWhole(store, "door", sequence);
    }
  }
}
