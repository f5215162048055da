package org.onlooker.bench;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * What watching some streams for a while came to.
 *
 * @param seconds that passed
 * @param sampled frames
 * @param dropped frames, of these
 * @param failed clips
 * @param lagSeconds of the stream that was furthest behind: the median over the last third
 * @param cores that the process kept busy
 * @param coresByStage of {@code cores}: decode, tower, prefill, caption, store, answers, other
 * @param coresOfOthers that other processes kept busy meanwhile
 */
record Load(
    double seconds,
    long sampled,
    long dropped,
    long failed,
    double lagSeconds,
    double cores,
    Map<String, Double> coresByStage,
    double coresOfOthers) {
  /** Lag from which the watching counts as behind: that of a clip. */
  private static final double LAG_MAX = 1;

  Load {
    coresByStage = new TreeMap<>(coresByStage);
  }

  boolean isBorne() {
    return dropped == 0 && failed == 0 && lagSeconds <= LAG_MAX;
  }

  /** The stage that takes most of the processors' time. */
  String limit() {
    return coresByStage.entrySet().stream()
        .filter(stage -> !stage.getKey().equals("other"))
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .orElseThrow()
        .getKey();
  }
}
