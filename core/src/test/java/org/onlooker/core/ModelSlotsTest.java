package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ModelSlotsTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Frames.START);
  private final ModelSlots slots = new ModelSlots(1, now::get);

  @Test
  void streamsThatCostTheSame_areServedInTheOrderOfTheirClips() throws Exception {
    ModelSlots.Slot held = slots.forStream().enter(behind(0));
    Waiter third = waiting(slots.forStream(), behind(0.2));
    Waiter first = waiting(slots.forStream(), behind(0.9));
    Waiter second = waiting(slots.forStream(), behind(0.5));
    held.close();
    for (Waiter next : List.of(first, second, third)) {
      try (ModelSlots.Slot slot = next.entered()) {
        assertThat(Stream.of(first, second, third).filter(Waiter::isIn)).contains(next);
      }
    }
  }

  @Test
  void slot_tellsHowLongItsClipWaited() throws Exception {
    ModelSlots.Slot held = slots.forStream().enter(behind(0));
    Waiter waiter = waiting(slots.forStream(), behind(0.5));
    pass(0.25);
    held.close();
    assertThat(waiter.entered().waited()).isEqualTo(Duration.ofMillis(250));
    assertThat(waiter.entered().lag()).isEqualTo(Duration.ofMillis(750));
  }

  @Test
  void greedyStream_fallsBehindAlone() throws Exception {
    try (SlotWorld world = new SlotWorld()) {
      SlotWorld.Contender greedy = world.live(2_000);
      List<SlotWorld.Contender> modest =
          Stream.generate(() -> world.live(50)).limit(9).toList();
      world.pass(Duration.ofSeconds(60));
      assertThat(modest).allMatch(stream -> stream.dropped() == 0);
      assertThat(modest)
          .as("one clip of the greedy one and two rounds of the others")
          .allMatch(stream -> stream.longestWait().toMillis() <= 2_900);
      assertThat(greedy.served()).isBetween(13, 17); // what the others leave of 60 s
    }
  }

  @Test
  void overload_isSharedEqually_andNobodyStarves() throws Exception {
    try (SlotWorld world = new SlotWorld()) {
      List<SlotWorld.Contender> streams =
          Stream.generate(() -> world.live(100)).limit(30).toList();
      world.pass(Duration.ofSeconds(60));
      assertThat(streams).allMatch(stream -> stream.served() >= 18 && stream.served() <= 22);
      assertThat(streams).allMatch(stream -> stream.longestWait().toMillis() <= 3_500);
    }
  }

  @Test
  void greedyStreamInOverload_isServedWithinTenSeconds() throws Exception {
    try (SlotWorld world = new SlotWorld()) {
      SlotWorld.Contender greedy = world.live(5_000);
      List<SlotWorld.Contender> streams =
          Stream.generate(() -> world.live(100)).limit(30).toList();
      world.pass(Duration.ofSeconds(120));
      assertThat(greedy.longestWait()).isLessThan(Duration.ofSeconds(10).plusMillis(500));
      assertThat(streams).allMatch(stream -> stream.longestWait().toMillis() < 10_500);
    }
  }

  @Test
  void recording_takesWhatLiveStreamsLeave_butAlwaysATwentieth() throws Exception {
    try (SlotWorld world = new SlotWorld()) {
      SlotWorld.Contender recording = world.recording(100);
      world.live(600);
      world.pass(Duration.ofSeconds(60));
      assertThat(recording.served()).isBetween(220, 245); // 40 % of 60 s
      world.live(600);
      int before = recording.served();
      world.pass(Duration.ofSeconds(60));
      assertThat(recording.served() - before).isBetween(28, 60);
    }
  }

  @Test
  void recordings_shareAlike() throws Exception {
    try (SlotWorld world = new SlotWorld()) {
      SlotWorld.Contender one = world.recording(100);
      SlotWorld.Contender other = world.recording(100);
      world.pass(Duration.ofSeconds(20));
      assertThat(one.served()).isBetween(99, 101);
      assertThat(other.served()).isBetween(99, 101);
    }
  }

  @Test
  void answer_whileStreamsAreOnTime_startsAtOnceThoughNoSlotIsFree() throws Exception {
    slots.forStream().enter(behind(0));
    waiting(slots.forStream(), behind(0.5));
    ModelSlots.Slot answer = slots.forAnswer(() -> false).enter();
    pass(0.25);
    answer.giveWay();
    assertThat(answer.waited()).isZero();
  }

  @Test
  void answer_thatHadItsShare_givesWayToALateStream() throws Exception {
    ModelSlots.Slot held = slots.forStream().enter(behind(0));
    Waiter late = waiting(slots.forStream(), behind(0));
    ModelSlots.Slot answer = slots.forAnswer(() -> false).enter();
    pass(1.5);
    Waiter goingOn = new Waiter(() -> {
      answer.giveWay();
      return answer;
    });
    SlotWorld.spinUntil(() -> slots.waiting() == 2);
    held.close();
    try (ModelSlots.Slot stream = late.entered()) {
      goingOn.entered().close(); // nobody is late any more: it need not wait for the stream's slot
    }
  }

  @Test
  void answer_whileStreamsAreLate_getsATenthOfTheTime() throws Exception {
    ModelSlots.Slot held = slots.forStream().enter(behind(5));
    Waiter firstStream = waiting(slots.forStream(), behind(5));
    Waiter first = waiting(slots.forAnswer(() -> false), Optional.empty());
    held.close();
    ModelSlots.Slot answer = first.entered();
    pass(0.4);
    answer.giveWay();
    assertThat(slots.waiting()).as("a tenth of five seconds is not used up yet").isEqualTo(1);
    pass(0.2);
    Waiter secondStream = waiting(slots.forStream(), behind(5));
    answer.close();
    Waiter second = waiting(slots.forAnswer(() -> false), Optional.empty());
    firstStream.entered().close();
    ModelSlots.Slot stream = secondStream.entered();
    Waiter thirdStream = waiting(slots.forStream(), behind(5));
    pass(3);
    stream.close();
    second.entered().close();
    thirdStream.entered().close();
  }

  @Test
  void recording_whileAnswersComeWithoutPause_isServed() throws Exception {
    ModelSlots.Slot answer = slots.forAnswer(() -> false).enter();
    Waiter recording = waiting(slots.forStream(), Optional.empty());
    pass(0.9);
    answer.giveWay();
    assertThat(recording.isIn()).isFalse();
    pass(0.2);
    answer.giveWay();
    recording.entered().close();
  }

  @Test
  void commentary_comesBehindStreamsAndAnswers() throws Exception {
    ModelSlots.Slot held = slots.forStream().enter(behind(5));
    Waiter commentary = waiting(slots.forCommentary(), Optional.empty());
    Waiter stream = waiting(slots.forStream(), behind(0));
    slots.forAnswer(() -> false).enter().close();
    held.close();
    stream.entered();
    assertThat(commentary.isIn()).isFalse();
    stream.entered().close();
    commentary.entered().close();
  }

  @Test
  void commentary_givesWayToAStreamThatWaits() throws Exception {
    ModelSlots.Slot commentary = slots.forCommentary().enter();
    commentary.giveWay(); // nobody waits
    Waiter stream = waiting(slots.forStream(), behind(0));
    Waiter goingOn = new Waiter(() -> {
      commentary.giveWay();
      return commentary;
    });
    try (ModelSlots.Slot slot = stream.entered()) {
      assertThat(goingOn.isIn()).isFalse();
    }
    goingOn.entered().close();
    assertThat(slots.waiting()).isZero();
  }

  @Test
  void answerThatIsOver_leavesTheLine() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    slots.forStream().enter(behind(5));
    waiting(slots.forStream(), behind(5));
    Waiter waiter = waiting(slots.forAnswer(over::get), Optional.empty());
    over.set(true);
    assertThatThrownBy(waiter::entered).hasRootCauseInstanceOf(InterruptedException.class);
    assertThat(slots.waiting()).isEqualTo(1);
  }

  @Test
  void streamRemovedWhileItWaits_leavesTheLine() throws Exception {
    ModelSlots.Slot held = slots.forStream().enter(behind(0));
    ModelSlots.Line removed = slots.forStream();
    Waiter gone = waiting(removed, behind(0.9));
    Waiter next = waiting(slots.forStream(), behind(0.1));
    removed.close();
    assertThatThrownBy(gone::entered).hasRootCauseInstanceOf(InterruptedException.class);
    held.close();
    next.entered().close();
    assertThat(slots.waiting()).isZero();
  }

  @Test
  void threadInterruptedWhileItWaits_leavesTheLine() throws Exception {
    ModelSlots.Slot held = slots.forStream().enter(behind(0));
    Waiter interrupted = waiting(slots.forStream(), behind(0.9));
    interrupted.thread.interrupt();
    assertThatThrownBy(interrupted::entered).hasRootCauseInstanceOf(InterruptedException.class);
    held.close();
    slots.forStream().enter(behind(0)).close();
  }

  @Test
  void slot_closedTwice_isGivenBackOnce() throws Exception {
    ModelSlots.Slot first = slots.forStream().enter(behind(0));
    first.close();
    first.close();
    ModelSlots.Slot second = slots.forStream().enter(behind(0));
    Waiter waiter = waiting(slots.forStream(), behind(0));
    assertThat(waiter.isIn()).isFalse();
    second.close();
    waiter.entered().close();
  }

  @Test
  void noSlots_isRefused() {
    assertThatThrownBy(() -> new ModelSlots(0, now::get)).hasMessageContaining("slots is 0");
  }

  private void pass(double seconds) {
    now.set(now.get().plusNanos(Math.round(seconds * 1e9)));
  }

  private Optional<Instant> behind(double seconds) {
    return Optional.of(now.get().minusNanos(Math.round(seconds * 1e9)));
  }

  /** One that stands in line when this returns. */
  private Waiter waiting(ModelSlots.Line line, Optional<Instant> completeAt) {
    int before = slots.waiting();
    Waiter waiter = new Waiter(() -> line.enter(completeAt));
    SlotWorld.spinUntil(() -> slots.waiting() == before + 1);
    return waiter;
  }

  /** A thread that waits for a slot. */
  private static final class Waiter {
    private interface Entering {
      ModelSlots.Slot enter() throws InterruptedException;
    }

    private final CompletableFuture<ModelSlots.Slot> slot = new CompletableFuture<>();
    private final Thread thread;

    Waiter(Entering entering) {
      thread = Thread.ofPlatform().daemon().start(() -> {
        try {
          slot.complete(entering.enter());
        } catch (InterruptedException e) {
          slot.completeExceptionally(e);
        }
      });
    }

    boolean isIn() {
      return slot.isDone();
    }

    ModelSlots.Slot entered() throws InterruptedException, ExecutionException {
      try {
        return slot.get(10, TimeUnit.SECONDS);
      } catch (java.util.concurrent.TimeoutException e) {
        throw new AssertionError("it does not get a slot", e);
      }
    }
  }
}
