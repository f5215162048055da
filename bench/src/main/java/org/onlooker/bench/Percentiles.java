package org.onlooker.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** What calls of one kind take. */
final class Percentiles {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<Double> millis = new ArrayList<>();

  /** Notes the CPU time of this thread: on a machine of one's own, the time that passes. */
  <T> T ofCpu(Supplier<T> call) {
    long start = THREADS.getCurrentThreadCpuTime();
    T result = call.get();
    millis.add((THREADS.getCurrentThreadCpuTime() - start) / 1e6);
    return result;
  }

  /** Notes the time that passes, waiting included. */
  void ofClock(Runnable call) {
    long start = System.nanoTime();
    call.run();
    millis.add((System.nanoTime() - start) / 1e6);
  }

  void add(double taken) {
    millis.add(taken);
  }

  boolean isEmpty() {
    return millis.isEmpty();
  }

  /** @param share 0.5 for the median */
  double at(double share) {
    List<Double> sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return sorted.get(Math.min(sorted.size() - 1, (int) (share * sorted.size())));
  }
}
