package org.onlooker.core;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounded hand-over from the reading thread to the watching thread. A live source drops the oldest
 * clip when the watching is behind, and counts its frames; a recording waits.
 *
 * <p>Whole clips are dropped, not frames: a clip that lost a frame costs the tower as much.
 *
 * <p>Life cycle: 1. clips are put and taken; 2. {@link #stopWaiting}, if the reading is to end; 3.
 * {@link #finish}; 4. what is there is taken, until it {@link #isDrained}.
 */
final class ClipQueue {
  private final int capacity;
  private final LongAdder framesDropped;
  private final InstantSource clock;
  private final ArrayDeque<Due> clips = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean hurried;
  private boolean finished;

  /**
   * A clip to be watched.
   *
   * @param completeAt since when a live stream's clip waits; empty for a recording, which has time
   */
  record Due(Clip clip, Optional<Instant> completeAt) {}

  ClipQueue(int capacity, LongAdder framesDropped, InstantSource clock) {
    this.capacity = capacity;
    this.framesDropped = framesDropped;
    this.clock = clock;
  }

  /** Adds the newest clip; the oldest goes when there is no room. */
  void putNewest(Clip clip) {
    lock.lock();
    try {
      if (clips.size() >= capacity) {
        framesDropped.add(clips.removeFirst().clip().frames().size());
      }
      add(new Due(clip, Optional.of(clock.instant())));
    } finally {
      lock.unlock();
    }
  }

  /** Adds a clip when there is room; waits for it. */
  void putWaiting(Clip clip) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (clips.size() >= capacity && !hurried) {
        changed.await();
      }
      add(new Due(clip, Optional.empty()));
    } finally {
      lock.unlock();
    }
  }

  private void add(Due due) {
    if (!finished) {
      clips.addLast(due);
      changed.signalAll();
    }
  }

  /** The oldest clip; empty when none came within the time or all are taken after the end. */
  Optional<Due> take(long timeoutMillis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lockInterruptibly();
    try {
      while (clips.isEmpty() && !finished && left > 0) {
        left = changed.awaitNanos(left);
      }
      Due due = clips.pollFirst();
      changed.signalAll();
      return Optional.ofNullable(due);
    } finally {
      lock.unlock();
    }
  }

  /** Who waits to add a clip adds it at once: the reading is to end, and nothing may be lost. */
  void stopWaiting() {
    lock.lock();
    try {
      hurried = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No more clips will be added; what is there can still be taken. */
  void finish() {
    lock.lock();
    try {
      finished = true;
      hurried = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isDrained() {
    lock.lock();
    try {
      return finished && clips.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
