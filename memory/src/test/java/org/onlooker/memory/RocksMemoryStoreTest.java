package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;
import org.onlooker.testing.MemoryStoreContract;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

final class RocksMemoryStoreTest extends MemoryStoreContract {
  private static final StreamId DOOR = new StreamId("door");

  @TempDir
  Path folder;

  @Override
  protected MemoryStore open() {
    return openIn("contract");
  }

  @Override
  protected double blockError() {
    return 0.5 / 127 * 1.01;
  }

  private RocksMemoryStore openIn(String name) {
    return open(name, TestFolders.options());
  }

  private RocksMemoryStore open(String name, RocksOptions options) {
    return RocksMemoryStore.open(folder.resolve(name), TestFolders.natives(), options);
  }

  @Test
  void open_again_findsEverything() {
    try (RocksMemoryStore store = openIn("again")) {
      TestFolders.append(store, "door", 0, 20);
    }
    try (RocksMemoryStore store = open("again", TestFolders.options().withSync(true))) {
      assertThat(store.entries(DOOR, Span.ALL)).hasSize(20);
      assertThat(store.nextSequence(DOOR)).isEqualTo(20);
      assertThat(store.storedThrough(DOOR)).contains(Memories.span(19).end());
      TestFolders.append(store, "door", 20, 1);
      assertThat(store.bytes()).isPositive();
      assertThat(store.damagedCount()).isZero();
    }
  }

  @Test
  void open_folderInUse_namesTheFolderAndTheProcess() {
    try (RocksMemoryStore store = openIn("used")) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> openIn("used"))
          .withMessageContaining(folder.resolve("used").toString())
          .withMessageContaining("process " + ProcessHandle.current().pid())
          .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.LOCKED));
      assertThat(store.streams()).isEmpty();
    }
    openIn("used").close();
  }

  @Test
  void open_otherFormat_isRefusedAndLeftAlone() throws RocksDBException {
    openIn("format").close();
    try (RocksDatabase raw = new RocksDatabase(folder.resolve("format"), TestFolders.options())) {
      raw.db().put("format".getBytes(StandardCharsets.US_ASCII), new byte[] {9});
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> openIn("format"))
        .withMessageContaining("format 9")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FORMAT));
  }

  @Test
  void open_databaseOfAnotherProgram_isRefused() throws RocksDBException {
    openIn("native").close(); // loads the library
    Path foreign = folder.resolve("foreign");
    try (RocksDB db = RocksDB.open(foreign.toString())) {
      db.put(new byte[] {1}, new byte[] {2});
    }
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> openIn("foreign"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.FORMAT));
  }

  @Test
  void append_diskNearlyFull_isRefusedAndReadingGoesOn() {
    try (RocksMemoryStore store = openIn("full")) {
      TestFolders.append(store, "door", 0, 1);
    }
    RocksOptions greedy = TestFolders.options().withFreeBytesMin(Long.MAX_VALUE);
    try (RocksMemoryStore store = open("full", greedy)) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> TestFolders.append(store, "door", 1, 1))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DISK_LOW));
      assertThat(store.nextSequence(DOOR)).isEqualTo(1);
      store.block(new ClipKey(DOOR, 0)).orElseThrow().close();
    }
  }

  @Test
  void block_writtenWithAnotherCodec_isRead() {
    try (RocksMemoryStore store =
        open("codecs", TestFolders.options().withCodec(new Fp16BlockCodec()))) {
      TestFolders.append(store, "door", 0, 1);
    }
    try (RocksMemoryStore store = openIn("codecs")) {
      TestFolders.append(store, "door", 1, 1);
      for (int sequence = 0; sequence < 2; sequence++) {
        try (KvBlock block = store.block(new ClipKey(DOOR, sequence)).orElseThrow()) {
          assertThat(block.shape()).isEqualTo(Memories.SHAPE);
        }
      }
    }
  }
}
