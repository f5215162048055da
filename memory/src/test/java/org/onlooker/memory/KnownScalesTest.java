package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvScales;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A memory keeps the scales that its blocks were written with. */
final class KnownScalesTest {
  private static final KvScales SOME = TestScales.of(Memories.SHAPE, List.of(8, 4, 4));
  private static final KvScales OTHERS = TestScales.of(Memories.SHAPE, 8);

  @TempDir
  Path folder;

  @Test
  void block_ofAMemoryOpenedWithoutScales_isRead() {
    write(SOME, 0);
    try (RocksMemoryStore store = open(TestFolders.options())) {
      assertLike(store, 0, 0.25);
      assertThat(store.damagedCount()).isZero();
    }
  }

  @Test
  void block_writtenWithOtherScalesThanItsNeighbour_isReadWithItsOwn() {
    write(SOME, 0);
    write(OTHERS, 1);
    write(SOME, 2);
    try (RocksMemoryStore store = open(with(OTHERS))) {
      assertLike(store, 0, 0.25);
      assertLike(store, 1, 0.03);
      assertLike(store, 2, 0.25);
    }
  }

  @Test
  void block_whoseScalesAreLost_isAbsentAndCounted() throws RocksDBException {
    write(SOME, 0);
    write(OTHERS, 1);
    overwriteScales(SOME, OTHERS);
    try (RocksMemoryStore store = open(TestFolders.options())) {
      assertThat(store.block(new ClipKey(new StreamId("door"), 0))).isEmpty();
      assertThat(store.damagedCount()).isEqualTo(1);
      assertLike(store, 1, 0.03);
    }
    try (RocksMemoryStore store = open(with(SOME))) {
      assertLike(store, 0, 0.25); // the pack brings them again
    }
  }

  /** Puts the value of others in the place of some. */
  private void overwriteScales(KvScales some, KvScales others) throws RocksDBException {
    try (RocksDatabase raw = new RocksDatabase(folder, TestFolders.options())) {
      byte[] wrong = raw.db().get(key(others));
      assertThat(scaleKeys(raw)).isEqualTo(2);
      raw.db().put(key(some), wrong);
    }
  }

  private static int scaleKeys(RocksDatabase raw) {
    int count = 0;
    try (RocksIterator all = raw.db().newIterator(raw.defaultHandle())) {
      for (all.seek("scales/".getBytes(StandardCharsets.US_ASCII)); all.isValid(); all.next()) {
        count++;
      }
    }
    return count;
  }

  private static byte[] key(KvScales scales) {
    return String.format("scales/%016x", ScalesFormat.id(scales))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private void write(KvScales scales, int sequence) {
    try (RocksMemoryStore store = open(with(scales))) {
      TestFolders.append(store, "door", sequence, 1);
    }
  }

  private static RocksOptions with(KvScales scales) {
    return TestFolders.options().withCodec(new CalibratedBlockCodec(scales));
  }

  private RocksMemoryStore open(RocksOptions options) {
    return RocksMemoryStore.open(folder, TestFolders.natives(), options);
  }

  private static void assertLike(RocksMemoryStore store, int sequence, double error) {
    ClipKey key = new ClipKey(new StreamId("door"), sequence);
    try (KvBlock read = store.block(key).orElseThrow();
        KvBlock written = Memories.block("door", sequence)) {
      assertThat(BlockCodecContract.relativeError(written.keys(), read.keys())).isLessThan(error);
      assertThat(BlockCodecContract.relativeError(written.values(), read.values()))
          .isLessThan(error);
    }
  }
}
