package org.onlooker.ingest;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts damaged packets and frames of one source; says so at most once a minute. */
final class DamageCount {
  private static final System.Logger LOG = System.getLogger(DamageCount.class.getName());
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final String shown;
  private final InstantSource clock;
  private final AtomicLong total = new AtomicLong();
  private @Nullable Instant lastSaid;

  DamageCount(String shown, InstantSource clock) {
    this.shown = shown;
    this.clock = clock;
  }

  void add() {
    long count = total.incrementAndGet();
    Instant now = clock.instant();
    if (lastSaid == null || now.isAfter(lastSaid.plus(QUIET))) {
      lastSaid = now;
      LOG.log(Level.WARNING, () -> shown + ": damaged data skipped, " + count + " times so far");
    }
  }

  long total() {
    return total.get();
  }
}
