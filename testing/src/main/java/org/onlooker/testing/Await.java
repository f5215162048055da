package org.onlooker.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process brings about, with a deadline. */
public final class Await {
  private static final long POLL_NANOS = 5_000_000;

  private Await() {}

  /** Returns as soon as {@code condition} holds; fails, naming it, when it has not in time. */
  public static void until(String what, Duration timeMax, BooleanSupplier condition) {
    long deadline = System.nanoTime() + timeMax.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("not within " + timeMax.toMillis() + " ms: " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
