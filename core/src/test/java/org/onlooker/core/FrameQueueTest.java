package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.core.Frames.frame;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
  private final LongAdder dropped = new LongAdder();
  private final FrameQueue queue = new FrameQueue(2, dropped);

  @Test
  void putNewest_full_dropsOldestAndCounts() throws Exception {
    queue.putNewest(frame(1));
    queue.putNewest(frame(2));
    queue.putNewest(frame(3));
    assertThat(queue.take(0).orElseThrow().pts()).isEqualTo(Pts.ofSeconds(2));
    assertThat(queue.take(0).orElseThrow().pts()).isEqualTo(Pts.ofSeconds(3));
    assertThat(dropped.sum()).isEqualTo(1);
  }

  @Test
  void putWaiting_full_waitsForRoomAndLosesNothing() throws Exception {
    CountDownLatch thirdIsIn = new CountDownLatch(1);
    queue.putWaiting(frame(1));
    queue.putWaiting(frame(2));
    Thread writer = Thread.ofPlatform().start(() -> {
      try {
        queue.putWaiting(frame(3));
        thirdIsIn.countDown();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    assertThat(thirdIsIn.await(50, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(queue.take(0).orElseThrow().pts()).isEqualTo(Pts.ofSeconds(1));
    assertThat(thirdIsIn.await(5, TimeUnit.SECONDS)).isTrue();
    writer.join();
    assertThat(dropped.sum()).isZero();
  }

  @Test
  void finish_withFramesLeft_theyAreStillTaken() throws Exception {
    queue.putNewest(frame(1));
    queue.finish();
    queue.putNewest(frame(2));
    assertThat(queue.isDrained()).isFalse();
    assertThat(queue.take(0)).isPresent();
    assertThat(queue.take(10_000)).isEmpty();
    assertThat(queue.isDrained()).isTrue();
  }
}
