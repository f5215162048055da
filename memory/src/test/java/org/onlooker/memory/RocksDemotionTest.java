package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Demotion;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.StreamId;
import org.onlooker.core.Tiers;
import org.onlooker.testing.Memories;

/** Blocks that were given up leave the disk, by RocksDB's own means. */
class RocksDemotionTest {
  private static final StreamId CAM = new StreamId("cam");
  private static final KvShape SHAPE = new KvShape(4, 2, 32);
  private static final int MINUTES = 100;
  private static final int KEPT_MINUTES = 10;

  @TempDir
  Path folder;

  @Test
  void blocks_ofAStreamThatGoesOn_areBoundedOnDisk() {
    RocksOptions options = TestFolders.options().withMemtableBytes(1 << 20);
    try (RocksMemoryStore store = RocksMemoryStore.open(folder, TestFolders.natives(), options)) {
      Tiers tiers = new Tiers(Duration.ofMinutes(KEPT_MINUTES), Duration.ofMinutes(20));
      Demotion demotion = new Demotion(CAM, store, tiers);
      RandomGenerator random = new Random(1);
      long written = 0;
      for (int clip = 0; clip < MINUTES * 60; clip++) {
        try (KvBlock block = Memories.block(SHAPE, 10, random)) {
          store.append(Memories.memory("cam", clip), block);
          written += 2L * 10 * SHAPE.floatsPerToken();
        }
        if (clip % 60 == 59) {
          demotion.step();
        }
      }
      assertThat(store.tableBytes().get("blocks")).isLessThan(written / 2);
      assertThat(written).isGreaterThan(30_000_000);
    }
  }
}
