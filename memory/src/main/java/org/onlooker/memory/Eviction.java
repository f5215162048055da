package org.onlooker.memory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.onlooker.core.KvBlock;

/**
 * Which clips of a stream stay in a memory that is full and has no disk. Whole clips leave, since a
 * clip is what is recalled and cited; what is published of single tokens is averaged over a clip's.
 * Safe for use by several threads, and the same for the same clips.
 */
public interface Eviction {
  /**
   * A clip that may leave, with those that repeat it.
   *
   * @param sequence of the clip
   * @param feature what it looks like, of unit length: its image embedding, or where the pack has
   *     none the mean of its visual tokens
   * @param weight of it: clips that showed the same, and clips that left because it stands for them
   * @param block reads its keys, raw, and values, where they are kept; the caller closes it
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Candidate(
      long sequence, float[] feature, long weight, Supplier<Optional<KvBlock>> block) {}

  /** How many are left of {@code clipsMax} once there is one more. */
  int clipsLeft(int clipsMax);

  /** Of those that are left, the newest so many stay whatever they look like. */
  static int recent(int left) {
    return Math.max(1, left / 4);
  }

  /**
   * Chooses.
   *
   * @param clips in the order in which they were last seen, oldest first
   * @param left how many stay, the newest quarter of them in any case
   * @return sequence and weight of each clip that stays
   */
  Map<Long, Long> choose(List<Candidate> clips, int left);
}
