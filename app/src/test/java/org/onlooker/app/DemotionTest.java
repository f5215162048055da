package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Demotion;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.StreamId;
import org.onlooker.core.Tiers;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.testing.TestClips;

class DemotionTest {
  private static final StreamId ID = new StreamId("cam");
  private static final Tiers TIERS = new Tiers(Duration.ofMinutes(10), Duration.ofMinutes(30));

  private final MemoryStore store = new HeapMemoryStore(100_000);
  private final Demotion demotion = new Demotion(ID, store, TIERS);
  private int stored;

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void step_youngStream_keepsEverything() {
    demotion.step();
    watch(10);
    demotion.step();
    assertThat(blocks()).isEqualTo(600);
  }

  @Test
  void step_clipsComeOfAge_minuteByMinute() {
    watch(12);
    demotion.step();
    assertThat(blocks()).isEqualTo(600);
    assertThat(tokens()).isEqualTo(720);
    watch(1);
    demotion.step();
    assertThat(blocks()).isEqualTo(600);
    watch(27);
    demotion.step();
    assertThat(blocks()).isEqualTo(600);
    assertThat(tokens()).isEqualTo(1_800);
    assertThat(store.entriesFrom(ID, 0, 9_999)).hasSize(2_400);
  }

  @Test
  void step_withinAMinute_doesNothing() {
    watch(12);
    demotion.step();
    remember(59);
    demotion.step();
    assertThat(blocks()).isEqualTo(659);
  }

  @Test
  void step_blockMadeAgain_staysUntilTheNextHour() {
    watch(20);
    demotion.step();
    ClipEntry old = store.entry(new ClipKey(ID, 5)).orElseThrow();
    try (KvBlock block = TestClips.block(5, 4)) {
      assertThat(store.promote(old, block)).isTrue();
    }
    watch(1);
    demotion.step();
    store.block(old.key()).orElseThrow().close();
    watch(60);
    demotion.step();
    assertThat(store.block(old.key())).isEmpty();
  }

  @Test
  void step_afterARestart_takesUpWhatWasLeft() {
    watch(20);
    new Demotion(ID, store, TIERS).step();
    watch(20);
    new Demotion(ID, store, TIERS).step();
    assertThat(blocks()).isEqualTo(600);
    assertThat(tokens()).isEqualTo(1_800);
  }

  private void watch(int minutes) {
    remember(60 * minutes);
  }

  private void remember(int clips) {
    for (int i = 0; i < clips; i++, stored++) {
      try (KvBlock block = TestClips.block(stored, 1)) {
        store.append(TestClips.memory(ID, stored, "", new float[] {1}), block);
      }
    }
  }

  private long blocks() {
    return store.entriesFrom(ID, 0, stored).stream()
        .flatMap(entry -> store.block(entry.key()).stream())
        .peek(KvBlock::close)
        .count();
  }

  private long tokens() {
    return store.entriesFrom(ID, 0, stored).stream()
        .filter(entry -> store.tokens(entry.key()).isPresent())
        .count();
  }
}
