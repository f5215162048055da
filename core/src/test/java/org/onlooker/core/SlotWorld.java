package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Streams that use one slot of the model, each on a thread of its own, in time that passes only
 * while a slot is held or while nobody has anything to do.
 */
final class SlotWorld implements AutoCloseable {
  private static final int BACKLOG_CLIPS = 4;
  private static final long PATIENCE_SECONDS = 10;

  private final AtomicReference<Instant> now = new AtomicReference<>(Frames.START);
  private final ModelSlots slots = new ModelSlots(1, now::get);
  private final BlockingQueue<Contender> entered = new LinkedBlockingQueue<>();
  private final List<Contender> contenders = new ArrayList<>();

  /** One stream: a clip each second, or a recording that always has one. */
  final class Contender {
    private final long costMillis;
    private final boolean live;
    private final ModelSlots.Line line = slots.forStream();
    private final BlockingQueue<Optional<Instant>> toEnter = new LinkedBlockingQueue<>();
    private final Semaphore mayLeave = new Semaphore(0);
    private final Semaphore hasLeft = new Semaphore(0);
    private final ArrayDeque<Instant> clips = new ArrayDeque<>();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
    private Instant nextClip = Frames.START;
    private boolean busy;
    private Instant came = Frames.START;
    private int served;
    private int dropped;
    private Duration longestWait = Duration.ZERO;

    private Contender(long costMillis, boolean live) {
      this.costMillis = costMillis;
      this.live = live;
      thread.start();
    }

    private void run() {
      try {
        while (true) {
          try (ModelSlots.Slot slot = line.enter(toEnter.take())) {
            entered.add(this);
            mayLeave.acquire();
          }
          hasLeft.release();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void gather() {
      while (live && !nextClip.isAfter(now.get())) {
        clips.add(nextClip);
        nextClip = nextClip.plusSeconds(1);
        if (clips.size() > BACKLOG_CLIPS) {
          clips.removeFirst();
          dropped++;
        }
      }
    }

    private boolean wants() {
      return !busy && (!live || !clips.isEmpty());
    }

    private void join() {
      busy = true;
      came = now.get();
      toEnter.add(live ? Optional.of(clips.removeFirst()) : Optional.empty());
    }

    int served() {
      return served;
    }

    int dropped() {
      return dropped;
    }

    Duration longestWait() {
      return longestWait;
    }
  }

  /** A live stream whose clips hold the slot for so long. */
  Contender live(long costMillis) {
    return add(new Contender(costMillis, true));
  }

  /** A recording that is read as fast as possible. */
  Contender recording(long costMillis) {
    return add(new Contender(costMillis, false));
  }

  private Contender add(Contender contender) {
    contenders.add(contender);
    return contender;
  }

  void pass(Duration time) throws InterruptedException {
    Instant end = now.get().plus(time);
    Optional<Contender> holder = Optional.empty();
    while (now.get().isBefore(end)) {
      holder.ifPresent(this::use);
      int waiting = queueUp(holder.isPresent());
      if (holder.isPresent()) {
        leave(holder.get());
      } else if (waiting == 0) {
        now.set(now.get().plusMillis(10));
        continue;
      }
      holder = waiting == 0 ? Optional.empty() : Optional.of(next());
    }
    if (holder.isPresent()) {
      leave(holder.get());
    }
  }

  private void use(Contender holder) {
    now.set(now.get().plusMillis(holder.costMillis));
    holder.served++;
  }

  /** All that have a clip get into the line; returns how many stand in it or have gone through. */
  private int queueUp(boolean held) {
    int waiting = slots.waiting();
    for (Contender contender : contenders) {
      contender.gather();
      if (contender.wants()) {
        contender.join();
        waiting++;
        int expected = held ? waiting : waiting - 1;
        spinUntil(() -> slots.waiting() == expected && (held || !entered.isEmpty()));
      }
    }
    return waiting;
  }

  private void leave(Contender holder) throws InterruptedException {
    holder.mayLeave.release();
    if (!holder.hasLeft.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the holder does not leave");
    }
    holder.busy = false;
  }

  private Contender next() throws InterruptedException {
    Contender next = entered.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nobody enters a free slot");
    }
    Duration waited = Duration.between(next.came, now.get());
    next.longestWait = waited.compareTo(next.longestWait) > 0 ? waited : next.longestWait;
    return next;
  }

  static void spinUntil(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + PATIENCE_SECONDS + " s");
      }
      Thread.yield();
    }
  }

  @Override
  public void close() {
    contenders.forEach(contender -> contender.thread.interrupt());
  }
}
