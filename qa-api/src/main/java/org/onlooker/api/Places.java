package org.onlooker.api;

import java.util.concurrent.atomic.AtomicInteger;

/** Places for connections that last, so many at once. Safe for use by several threads. */
final class Places {
  private final AtomicInteger taken = new AtomicInteger();
  private final int most;
  private final String what;

  /** @param what is open when all are taken, for people: "live pictures" */
  Places(int most, String what) {
    this.most = most;
    this.what = what;
  }

  /** Takes a place, which is to be {@link #leave left}; refuses when there is none. */
  void take() {
    if (taken.incrementAndGet() > most) {
      leave();
      throw Problem.overloaded(most + " " + what + " are open already; close one");
    }
  }

  void leave() {
    taken.decrementAndGet();
  }

  /** How many are taken, for a gauge. */
  AtomicInteger taken() {
    return taken;
  }
}
