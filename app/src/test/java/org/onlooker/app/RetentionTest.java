package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.KeepAll;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.Retention;
import org.onlooker.core.Segment;
import org.onlooker.core.Span;
import org.onlooker.core.Stages;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Tiers;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.ScriptedEncoder;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedSegments;
import org.onlooker.testing.TestClips;

class RetentionTest {
  private static final StreamId OLD = new StreamId("old");
  private static final StreamId NEW = new StreamId("new");
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  private final MemoryStore store = new HeapMemoryStore(100_000);
  private final ExactMemoryIndex index = new ExactMemoryIndex(TestClips.FINGERPRINT);
  private final ScriptedSegments segments = new ScriptedSegments();
  private long freeBytes = 1_000;
  private Instant now = TestClips.START.plusSeconds(3 * HOUR);

  /** Two streams of an hour, a clip each ten seconds: one since 0:00, one since 2:00. */
  @BeforeEach
  void remember() {
    for (StreamId id : List.of(OLD, NEW)) {
      int delay = id.equals(OLD) ? 0 : 2 * HOUR;
      store.putStream(new StreamRecord(
          StreamSpec.of(id.value(), "rtsp://host/x"), TestClips.START.plusSeconds(delay)));
      for (int clip = 0; clip < 360; clip++) {
        remember(id, clip, delay);
      }
      for (int start = 0; start < HOUR; start += MINUTE) {
        segments.add(new Segment(id, Span.ofSeconds(start, start + MINUTE), 10));
      }
    }
  }

  private void remember(StreamId id, int clip, int delay) {
    Memory like = TestClips.memory(id, clip, "a dog", new float[] {1, 0});
    Memory memory = new Memory(
        like.key(),
        Span.ofSeconds(10 * clip, 10 * clip + 10),
        TestClips.START.plusSeconds(delay + 10 * clip),
        like.fingerprint(),
        like.tokens(),
        like.embedding(),
        like.keyMeans(),
        like.caption(),
        like.thumbnail());
    try (KvBlock block = TestClips.block(clip, 1)) {
      store.append(memory, block);
    }
    index.add(memory.entry());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void step_noLimits_removesNothing() {
    step(new Retention.Limits(Optional.empty(), OptionalLong.empty(), 0));
    assertThat(clips(OLD)).hasSize(360);
    assertThat(video(OLD)).hasSize(60);
  }

  @Test
  void step_age_removesWhatIsOlderFromAllThatKeepsIt() {
    step(new Retention.Limits(Optional.of(Duration.ofMinutes(150)), OptionalLong.empty(), 0));
    // what was seen before 0:30 goes, and a slice of 150 min / 24 with it
    assertThat(clips(OLD).getFirst().span().start().seconds()).isEqualTo(2_180);
    assertThat(video(OLD).getFirst().span().start().seconds()).isEqualTo(2_220);
    assertThat(clips(NEW)).hasSize(360);
    assertThat(index.nextSequence(OLD)).isEqualTo(360);
    store.block(clips(OLD).get(1).key()).ifPresent(block -> {
      block.close();
      throw new AssertionError("a block that saw what was removed is kept");
    });
    assertThat(store.tokens(clips(OLD).get(1).key())).isPresent();
    store.block(clips(OLD).get(2).key()).orElseThrow().close();
    int left = clips(OLD).size();
    now = now.plusSeconds(2 * MINUTE); // within the slice
    step(new Retention.Limits(Optional.of(Duration.ofMinutes(150)), OptionalLong.empty(), 0));
    assertThat(clips(OLD)).hasSize(left);
  }

  @Test
  void step_age_reachesAStreamThatWasRemovedWithoutItsMemory() {
    store.removeStream(OLD, false);
    step(new Retention.Limits(Optional.of(Duration.ofMinutes(150)), OptionalLong.empty(), 0));
    assertThat(clips(OLD).getFirst().span().start().seconds()).isEqualTo(2_180);
    now = now.plusSeconds(3 * HOUR);
    step(new Retention.Limits(Optional.of(Duration.ofMinutes(150)), OptionalLong.empty(), 0));
    assertThat(clips(OLD)).isEmpty();
    assertThat(store.remembered()).doesNotContain(OLD);
  }

  @Test
  void step_bytes_removesTheOldestVideoOfWhicheverStream() {
    step(new Retention.Limits(Optional.empty(), OptionalLong.of(1_000), 0));
    assertThat(segments.bytes()).isBetween(800L, 959L);
    assertThat(video(NEW)).hasSize(60);
    assertThat(clips(OLD)).hasSize(360);
    step(new Retention.Limits(Optional.empty(), OptionalLong.of(300), 0));
    assertThat(video(OLD)).isEmpty();
    assertThat(segments.bytes()).isLessThan(300);
    assertThat(video(NEW)).isNotEmpty();
  }

  @Test
  void step_diskNearlyFullAndRemovingGivesNoRoom_endsUntilThereWasRoom() {
    freeBytes = 0;
    Retention.Limits limits = new Retention.Limits(Optional.empty(), OptionalLong.empty(), 500);
    try (Retention retention = retention(limits, () -> freeBytes)) {
      retention.step();
      int left = video(OLD).size();
      assertThat(left).isBetween(50, 59);
      retention.step();
      assertThat(video(OLD)).hasSize(left);
      freeBytes = 500;
      retention.step();
      freeBytes = 0;
      retention.step();
      assertThat(video(OLD)).hasSizeLessThan(left);
    }
  }

  @Test
  void step_diskNearlyFull_sparesTheLastHour() {
    LongSupplier free = () -> 300 - (segments.bytes() + clips(OLD).size()) / 10;
    try (Retention retention =
        retention(new Retention.Limits(Optional.empty(), OptionalLong.empty(), 500), free)) {
      retention.step();
    }
    assertThat(video(OLD)).isEmpty();
    assertThat(video(NEW)).hasSize(60);
    assertThat(clips(NEW)).hasSize(360);
  }

  private void step(Retention.Limits limits) {
    try (Retention retention = retention(limits, () -> Long.MAX_VALUE)) {
      retention.step();
    }
  }

  private Retention retention(Retention.Limits limits, LongSupplier free) {
    Stages stages = new Stages(
        new ScriptedEncoder(),
        new KeepAll(),
        ScriptedModel.saying("yes"),
        store,
        index,
        Tiers.ofBlocks(Duration.ofHours(1)),
        new ModelSlots(1, () -> now),
        Optional.empty());
    return new Retention(limits, stages, segments, free, () -> now);
  }

  private List<ClipEntry> clips(StreamId stream) {
    return store.entriesFrom(stream, 0, 1_000);
  }

  private List<Segment> video(StreamId stream) {
    return segments.overlapping(stream, Span.ALL);
  }
}
