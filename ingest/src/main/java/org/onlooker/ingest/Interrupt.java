package org.onlooker.ingest;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * What makes a native call of one source end: its deadline, or the source being closed.
 *
 * <p>FFmpeg asks about ten times a second while it waits. JavaCPP can hand out only ten function
 * pointers of a kind at a time, so that all sources share one callback, which lives as long as the
 * process; the opaque pointer that FFmpeg passes along is no address but the number of the source.
 */
final class Interrupt implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final ConcurrentMap<Long, Interrupt> OPEN = new ConcurrentHashMap<>();

  private final long number = NUMBERS.incrementAndGet();
  private volatile long deadlineNanos = System.nanoTime();
  private volatile boolean raised;

  /** Starts a call that may take {@code limit}. */
  void allow(Duration limit) {
    deadlineNanos = System.nanoTime() + limit.toNanos();
  }

  /** Ends the call in progress and every later one. */
  void raise() {
    raised = true;
  }

  boolean isRaised() {
    return raised;
  }

  boolean isOver() {
    return raised || System.nanoTime() - deadlineNanos > 0;
  }

  /** Makes native code ask this object, until it is closed. */
  void installIn(AVIOInterruptCB target) {
    OPEN.put(number, this);
    target.callback(Callback.SHARED);
    target.opaque(new Tag(number));
  }

  /** To be called after the native objects that ask it are freed. */
  @Override
  public void close() {
    OPEN.remove(number);
  }

  private static final class Callback extends AVIOInterruptCB.Callback_Pointer {
    static final Callback SHARED = new Callback();

    @Override
    public int call(@Nullable Pointer opaque) {
      Interrupt interrupt = opaque == null ? null : OPEN.get(opaque.address());
      return interrupt == null || interrupt.isOver() ? 1 : 0;
    }
  }

  /** A pointer that is never followed. */
  private static final class Tag extends Pointer {
    Tag(long value) {
      address = value;
    }
  }
}
