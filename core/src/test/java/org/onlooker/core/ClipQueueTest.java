package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.core.Frames.frame;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class ClipQueueTest {
  private final LongAdder dropped = new LongAdder();
  private final ClipQueue queue =
      new ClipQueue(2, dropped, InstantSource.fixed(Frames.START.plusSeconds(9)));

  @Test
  void putNewest_full_dropsTheOldestClipAndCountsItsFrames() throws Exception {
    queue.putNewest(clip(1));
    queue.putNewest(clip(2));
    queue.putNewest(clip(3));
    assertThat(taken()).isEqualTo(2);
    assertThat(taken()).isEqualTo(3);
    assertThat(dropped.sum()).isEqualTo(2);
  }

  @Test
  void take_ofALiveStream_tellsSinceWhenItWaits() throws Exception {
    queue.putNewest(clip(1));
    queue.putWaiting(clip(2));
    assertThat(queue.take(0).orElseThrow().completeAt()).hasValue(Frames.START.plusSeconds(9));
    assertThat(queue.take(0).orElseThrow().completeAt()).isEmpty();
  }

  @Test
  void putWaiting_full_waitsForRoomAndLosesNothing() throws Exception {
    queue.putWaiting(clip(1));
    queue.putWaiting(clip(2));
    CountDownLatch thirdIsIn = new CountDownLatch(1);
    Thread writer = putting(3, thirdIsIn);
    assertThat(thirdIsIn.await(50, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(taken()).isEqualTo(1);
    assertThat(thirdIsIn.await(5, TimeUnit.SECONDS)).isTrue();
    writer.join();
    assertThat(dropped.sum()).isZero();
  }

  @Test
  void stopWaiting_whileOneWaitsForRoom_itsClipIsAddedAllTheSame() throws Exception {
    queue.putWaiting(clip(1));
    queue.putWaiting(clip(2));
    CountDownLatch thirdIsIn = new CountDownLatch(1);
    Thread writer = putting(3, thirdIsIn);
    queue.stopWaiting();
    assertThat(thirdIsIn.await(5, TimeUnit.SECONDS)).isTrue();
    writer.join(Duration.ofSeconds(5));
    queue.putWaiting(clip(4));
    assertThat(List.of(taken(), taken(), taken(), taken())).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void finish_withClipsLeft_theyAreStillTaken() throws Exception {
    queue.putNewest(clip(1));
    queue.finish();
    queue.putNewest(clip(2));
    assertThat(queue.isDrained()).isFalse();
    assertThat(queue.take(0)).isPresent();
    assertThat(queue.take(10_000)).isEmpty();
    assertThat(queue.isDrained()).isTrue();
  }

  private Thread putting(long sequence, CountDownLatch isIn) {
    return Thread.ofPlatform().start(() -> {
      try {
        queue.putWaiting(clip(sequence));
        isIn.countDown();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private long taken() throws InterruptedException {
    return queue.take(0).orElseThrow().clip().key().sequence();
  }

  private static Clip clip(long sequence) {
    return new Clip(
        new ClipKey(new StreamId("cam"), sequence),
        Span.ofSeconds((double) sequence, (double) sequence + 1),
        Frames.START.plusSeconds(sequence),
        List.of(frame((double) sequence), frame(sequence + 0.5)));
  }
}
