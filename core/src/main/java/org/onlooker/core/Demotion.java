package org.onlooker.core;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the clips of one stream to lower tiers as they grow old.
 *
 * <p>A step gives up the stretch that has come of age since the last one. The first step after a
 * start and one in every {@link #SWEEP} begin at the stream's start instead: so no mark of how far
 * it came has to outlive a crash, and blocks that were made again for a question do not stay for
 * ever. Used by one thread.
 */
public final class Demotion {
  /** Of media time between two steps. */
  private static final Duration STEP = Duration.ofMinutes(1);

  private static final Duration SWEEP = Duration.ofHours(1);

  private final StreamId stream;
  private final MemoryStore store;
  private final Tiers tiers;
  private final Map<Tier, Long> edges = new EnumMap<>(Tier.class);
  private Optional<Pts> stepped = Optional.empty();
  private Optional<Pts> swept = Optional.empty();

  public Demotion(StreamId stream, MemoryStore store, Tiers tiers) {
    this.stream = stream;
    this.store = store;
    this.tiers = tiers;
  }

  /** Does what has become due; a call with nothing to do costs nothing. */
  public void step() {
    Optional<Pts> through = store.storedThrough(stream);
    if (through.isEmpty() || !isDue(stepped, STEP, through.get())) {
      return;
    }
    if (isDue(swept, SWEEP, through.get())) {
      edges.clear();
      swept = through;
    }
    demote(Tier.TOKENS, tiers.blocks(), through.get());
    demote(Tier.CAPTION, tiers.tokens(), through.get());
    stepped = through;
  }

  private static boolean isDue(Optional<Pts> last, Duration period, Pts now) {
    return last.isEmpty() || now.micros() - last.get().micros() >= micros(period);
  }

  private void demote(Tier tier, Duration age, Pts through) {
    long agedThrough = through.micros() - micros(age);
    if (agedThrough <= 0) {
      return;
    }
    List<ClipEntry> newest = store.newest(stream, new Pts(agedThrough), 1);
    long from = edges.getOrDefault(tier, 0L);
    long to = newest.isEmpty() ? 0 : newest.getLast().key().sequence() + 1;
    if (from < to) {
      store.demote(stream, tier, from, to);
      edges.put(tier, to);
    }
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
