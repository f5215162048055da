package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.onlooker.testing.Memories.block;
import static org.onlooker.testing.Memories.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Gap;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.Remark;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.StreamSpec;

/** What every {@link MemoryStore} does. */
public abstract class MemoryStoreContract extends TieredClipContract {
  @Test
  final void storedThrough_isTheEndOfTheNewestClip() {
    assertThat(store.storedThrough(DOOR)).isEmpty();
    assertThat(store.nextSequence(DOOR)).isZero();
    append("door", 0);
    append("door", 7);
    assertThat(store.storedThrough(DOOR)).contains(new Pts(8_000_000));
    assertThat(store.nextSequence(DOOR)).isEqualTo(8);
  }

  @Test
  final void append_sequenceThatDoesNotRise_isRefused() {
    append("door", 3);
    assertThatIllegalArgumentException().isThrownBy(() -> append("door", 3));
    assertThatIllegalArgumentException().isThrownBy(() -> append("door", 2));
    assertThat(store.nextSequence(DOOR)).isEqualTo(4);
  }

  @Test
  final void append_spanBeforeItsPredecessor_isRefused() {
    append("door", 3);
    try (KvBlock block = block("door", 4)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.append(memory("door", 4, Span.ofSeconds(1, 2), ""), block));
    }
    assertThat(store.entry(new ClipKey(DOOR, 4))).isEmpty();
  }

  @Test
  final void reading_unknownClip_isEmpty() {
    append("door", 1);
    for (ClipKey key : List.of(new ClipKey(DOOR, 0), new ClipKey(new StreamId("doo"), 1))) {
      assertThat(store.entry(key)).isEmpty();
      assertThat(store.block(key)).isEmpty();
      assertThat(store.tokens(key)).isEmpty();
      assertThat(store.keyMeans(key)).isEmpty();
      assertThat(store.thumbnail(key)).isEmpty();
    }
    assertThat(store.entries(new StreamId("doors"), Span.ALL)).isEmpty();
    assertThat(store.newest(new StreamId("doors"), new Pts(9), 5)).isEmpty();
  }

  @Test
  final void entries_takesWhatOverlapsHalfOpen() {
    appendAll("door", 10);
    assertThat(sequences(store.entries(DOOR, Span.ofSeconds(3, 5)))).containsExactly(3L, 4L);
    assertThat(sequences(store.entries(DOOR, Span.ofSeconds(3.5, 5.1))))
        .containsExactly(3L, 4L, 5L);
    assertThat(store.entries(DOOR, Span.ofSeconds(10, 99))).isEmpty();
    assertThat(store.entries(DOOR, Span.ALL)).hasSize(10);
  }

  @Test
  final void newest_endsAtOrBeforeAsOf() {
    appendAll("door", 10);
    assertThat(sequences(store.newest(DOOR, Pts.ofSeconds(6), 3))).containsExactly(3L, 4L, 5L);
    assertThat(sequences(store.newest(DOOR, Pts.ofSeconds(6.9), 2))).containsExactly(4L, 5L);
    assertThat(sequences(store.newest(DOOR, Pts.ofSeconds(99), 1))).containsExactly(9L);
    assertThat(store.newest(DOOR, Pts.ofSeconds(0.5), 3)).isEmpty();
    assertThat(sequences(store.newest(DOOR, Pts.ofSeconds(2), 9))).containsExactly(0L, 1L);
  }

  @Test
  final void entriesFrom_givesThemInOrder() {
    appendAll("door", 6);
    assertThat(sequences(store.entriesFrom(DOOR, 2, 3))).containsExactly(2L, 3L, 4L);
    assertThat(sequences(store.entriesFrom(DOOR, 5, 3))).containsExactly(5L);
    assertThat(store.entriesFrom(DOOR, 6, 3)).isEmpty();
  }

  @Test
  final void reading_sequencesAndTimeWithHoles_agreesWithAScan() {
    long seed = 20261121;
    Random random = new Random(seed);
    List<ClipEntry> truth = new ArrayList<>();
    long sequence = 0;
    long micros = 0;
    for (int i = 0; i < 120; i++) {
      sequence += 1 + random.nextInt(3);
      micros += random.nextInt(3) * 700_000L;
      Span span = new Span(new Pts(micros), new Pts(micros + 900_000));
      Memory memory = memory("door", sequence, span, "");
      try (KvBlock block = block("door", sequence)) {
        store.append(memory, block);
      }
      truth.add(memory.entry());
      micros += 900_000;
    }
    for (int i = 0; i < 200; i++) {
      long from = random.nextLong(micros + 1_000_000);
      Span span = new Span(new Pts(from), new Pts(from + random.nextLong(20_000_000)));
      assertThat(keys(store.entries(DOOR, span)))
          .as("seed %d, %s", seed, span)
          .isEqualTo(keys(truth.stream().filter(e -> e.span().overlaps(span)).toList()));
      List<ClipEntry> before =
          truth.stream().filter(e -> e.span().end().micros() <= from).toList();
      assertThat(keys(store.newest(DOOR, new Pts(from), 4)))
          .as("seed %d, as of %d", seed, from)
          .isEqualTo(keys(before.subList(Math.max(0, before.size() - 4), before.size())));
    }
  }

  @Test
  final void streams_withLikeNames_doNotMix() {
    for (String name : List.of("a", "a1", "ab", "b")) {
      append(name, 5);
    }
    append("a1", 6);
    assertThat(sequences(store.entries(new StreamId("a"), Span.ALL))).containsExactly(5L);
    assertThat(sequences(store.entries(new StreamId("a1"), Span.ALL))).containsExactly(5L, 6L);
    assertThat(store.nextSequence(new StreamId("ab"))).isEqualTo(6);
    store.removeStream(new StreamId("a"), true);
    assertThat(store.entries(new StreamId("a"), Span.ALL)).isEmpty();
    assertThat(store.entries(new StreamId("a1"), Span.ALL)).hasSize(2);
    assertBlock("ab", 5);
  }

  @Test
  final void block_belongsToTheCaller() {
    append("door", 0);
    ClipKey key = new ClipKey(DOOR, 0);
    try (KvBlock first = store.block(key).orElseThrow()) {
      first.keys().fill((byte) 0);
    }
    assertBlock("door", 0);
  }

  @Test
  final void gaps_overlapAndReplace() {
    store.appendGap(DOOR, new Gap(Span.ofSeconds(2, 4), "source away"));
    store.appendGap(DOOR, new Gap(Span.ofSeconds(10, 11), "restart"));
    store.appendGap(DOOR, new Gap(Span.ofSeconds(2, 6), "source away"));
    assertThat(store.gaps(DOOR, Span.ALL))
        .containsExactly(
            new Gap(Span.ofSeconds(2, 6), "source away"),
            new Gap(Span.ofSeconds(10, 11), "restart"));
    assertThat(store.gaps(DOOR, Span.ofSeconds(5, 7))).hasSize(1);
    assertThat(store.gaps(DOOR, Span.ofSeconds(6, 10))).isEmpty();
    assertThat(store.gaps(new StreamId("other"), Span.ALL)).isEmpty();
  }

  @Test
  final void remarks_areListedByTimeTheNewestOfThem() {
    appendAll("door", 6);
    Remark dog = remark(1, 0, 1, "A dog comes into view.");
    Remark quiet = new Remark(
        new ClipKey(DOOR, 4),
        Span.ofSeconds(4, 5),
        Memories.START.plusSeconds(4),
        Remark.Kind.SUMMARY,
        "Nothing new for 5 minutes. ü",
        Memories.START.plusSeconds(9));
    Remark again = remark(5, 5, 6, "A bus comes into view.");
    List.of(dog, remark(4, 3, 4, "replaced"), quiet, again).forEach(store::appendRemark);
    assertThat(store.remarks(DOOR, Span.ALL, 10)).containsExactly(dog, quiet, again);
    assertThat(store.remarks(DOOR, Span.ALL, 2)).containsExactly(quiet, again);
    assertThat(store.remarks(DOOR, Span.ofSeconds(0, 5), 1)).containsExactly(quiet);
    assertThat(store.remarks(DOOR, Span.ofSeconds(1, 4), 10)).isEmpty();
    assertThat(store.remarks(new StreamId("other"), Span.ALL, 10)).isEmpty();
  }

  @Test
  final void remarks_leaveWithTheirMoment() {
    appendAll("door", 6);
    Remark stays = remark(5, 4, 5, "A bus comes into view.");
    store.appendRemark(remark(1, 0, 1, "A dog comes into view."));
    store.appendRemark(remark(3, 1, 2, "A cat comes into view."));
    store.appendRemark(stays);
    store.remove(DOOR, Span.ofSeconds(0, 2), 0);
    assertThat(store.remarks(DOOR, Span.ALL, 10)).containsExactly(stays);
    store.removeStream(DOOR, true);
    assertThat(store.remarks(DOOR, Span.ALL, 10)).isEmpty();
  }

  private static Remark remark(long clip, double start, double end, String text) {
    return new Remark(
        new ClipKey(DOOR, clip),
        Span.ofSeconds(start, end),
        Memories.START.plusMillis((long) (start * 1000)),
        Remark.Kind.CHANGE,
        text,
        Memories.START.plusSeconds(clip + 1));
  }

  @Test
  final void streams_areListedReplacedAndRemoved() {
    StreamSpec spec = new StreamSpec(
        DOOR, "rtsp://user:secret@host/1", 0.5, Optional.of("the door ü"), Pace.FAST, true);
    store.putStream(new StreamRecord(StreamSpec.of("cam", "test:pattern"), Memories.START));
    store.putStream(new StreamRecord(StreamSpec.of("door", "webcam:0"), Memories.START));
    StreamRecord door = new StreamRecord(spec, Memories.START.plusNanos(123));
    store.putStream(door);
    assertThat(store.streams())
        .containsExactly(
            new StreamRecord(StreamSpec.of("cam", "test:pattern"), Memories.START), door);
    append("door", 0);
    store.removeStream(DOOR, false);
    assertThat(store.streams()).hasSize(1);
    assertThat(store.entries(DOOR, Span.ALL)).hasSize(1);
    assertThat(store.remembered()).containsExactly(DOOR);
  }

  @Test
  final void removeStream_withMemory_startsAnew() {
    appendAll("door", 3);
    append("doorway", 0);
    assertThat(store.remembered()).containsExactlyInAnyOrder(DOOR, new StreamId("doorway"));
    store.appendGap(DOOR, new Gap(Span.ofSeconds(2, 4), "source away"));
    store.removeStream(DOOR, true);
    assertThat(store.remembered()).containsExactly(new StreamId("doorway"));
    assertThat(store.entries(DOOR, Span.ALL)).isEmpty();
    assertThat(store.block(new ClipKey(DOOR, 1))).isEmpty();
    assertThat(store.gaps(DOOR, Span.ALL)).isEmpty();
    assertThat(store.storedThrough(DOOR)).isEmpty();
    append("door", 0);
    assertBlock("door", 0);
    assertThat(store.nextSequence(DOOR)).isEqualTo(1);
  }

  @Test
  final void append_fromSeveralThreadsWhileReading_losesNothing() throws Exception {
    int clips = 60;
    List<Callable<Boolean>> work = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      work.add(() -> {
        appendAll(name, clips);
        return true;
      });
      work.add(() -> {
        StreamId stream = new StreamId(name);
        long seen = 0;
        while (seen < clips) {
          seen = store.nextSequence(stream);
          if (seen > 0) {
            assertBlock(name, seen - 1);
          }
        }
        return true;
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(store.entries(new StreamId("one"), Span.ALL)).hasSize(clips);
    assertThat(store.entries(new StreamId("two"), Span.ALL)).hasSize(clips);
  }

  @Test
  final void close_twice_thenUse_isRefused() {
    append("door", 0);
    store.close();
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> store.block(new ClipKey(DOOR, 0)));
    assertThatIllegalStateException().isThrownBy(() -> append("door", 1));
  }

  private static List<ClipKey> keys(List<ClipEntry> entries) {
    return entries.stream().map(ClipEntry::key).toList();
  }
}
