package org.onlooker.memory;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Keeps a store's native memory from being freed under a call in progress. */
final class StoreGate {
  private final Path folder;
  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
  private boolean closed;

  StoreGate(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs {@code work}, with any number of others.
   *
   * @throws IllegalStateException when the store is closed
   */
  <T> T whileOpen(Supplier<T> work) {
    inUse.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("memory store in " + folder + " is closed");
      }
      return work.get();
    } finally {
      inUse.readLock().unlock();
    }
  }

  /** As {@link #whileOpen}, for work that gives nothing. */
  void doing(Runnable work) {
    whileOpen(() -> {
      work.run();
      return true;
    });
  }

  /** Waits for calls in progress, then runs {@code closing}; once only. */
  void close(Runnable closing) {
    inUse.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        closing.run();
      }
    } finally {
      inUse.writeLock().unlock();
    }
  }
}
