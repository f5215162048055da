package org.onlooker.core;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounded hand-over from the reading thread to the watching thread. A live source drops the oldest
 * frame when the watching is behind, and counts it; a recording waits.
 */
final class FrameQueue {
  private final int capacity;
  private final LongAdder dropped;
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean finished;

  FrameQueue(int capacity, LongAdder dropped) {
    this.capacity = capacity;
    this.dropped = dropped;
  }

  /** Adds the newest frame; the oldest goes when there is no room. */
  void putNewest(Frame frame) {
    lock.lock();
    try {
      if (finished) {
        return;
      }
      if (frames.size() == capacity) {
        frames.removeFirst();
        dropped.increment();
      }
      frames.addLast(frame);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a frame when there is room; waits for it. */
  void putWaiting(Frame frame) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (frames.size() == capacity && !finished) {
        changed.await();
      }
      if (!finished) {
        frames.addLast(frame);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The oldest frame; empty when none came within the time or all are taken after the end. */
  Optional<Frame> take(long timeoutMillis) throws InterruptedException {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lockInterruptibly();
    try {
      while (frames.isEmpty() && !finished && left > 0) {
        left = changed.awaitNanos(left);
      }
      Frame frame = frames.pollFirst();
      changed.signalAll();
      return Optional.ofNullable(frame);
    } finally {
      lock.unlock();
    }
  }

  /** No more frames will be added; what is there can still be taken. */
  void finish() {
    lock.lock();
    try {
      finished = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isDrained() {
    lock.lock();
    try {
      return finished && frames.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
