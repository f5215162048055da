package org.onlooker.ingest;

import java.util.concurrent.locks.ReentrantLock;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/**
 * Sees that the native objects of a source are freed exactly once, and never under a native call.
 *
 * <p>They belong to whoever holds the lock: the reading thread for the length of a call, or the one
 * that frees. Closing marks first and then tries the lock; a reader unlocks first and then looks at
 * the mark. So of a reader and a closer that meet, the last one sees mark and free lock, and frees.
 */
final class Ownership {
  private final ReentrantLock lock = new ReentrantLock();
  private final String shown;
  private final Runnable free;
  private volatile boolean closed;
  private boolean freed;

  /**
   * @param shown the source, for messages
   * @param free frees everything; runs once, on the thread that comes last
   */
  Ownership(String shown, Runnable free) {
    this.shown = shown;
    this.free = free;
  }

  /** A call that uses native objects. */
  interface Call<T> {
    T run() throws SourceException;
  }

  /**
   * @throws SourceException what the call threw, or {@link SourceError#ENDED} when closed before or
   *     during it
   */
  <T> T use(Call<T> call) throws SourceException {
    if (!lock.tryLock()) {
      refuseWhenClosed();
      throw new IllegalStateException(shown + ": a source is read by one thread");
    }
    try {
      refuseWhenClosed();
      return call.run();
    } catch (SourceException e) {
      refuseWhenClosed();
      throw e;
    } finally {
      lock.unlock();
      freeWhenClosed();
    }
  }

  void refuseWhenClosed() throws SourceException {
    if (closed) {
      throw new SourceException(SourceError.ENDED, shown + ": closed");
    }
  }

  /** From any thread, any number of times. */
  void close() {
    closed = true;
    freeWhenClosed();
  }

  private void freeWhenClosed() {
    if (!closed || !lock.tryLock()) {
      return;
    }
    try {
      if (!freed) {
        freed = true;
        free.run();
      }
    } finally {
      lock.unlock();
    }
  }
}
