package org.onlooker.core;

import java.time.Duration;

/**
 * Up to which age clips are in a {@link Tier}. Age is told by the stream's own clock, from the end
 * of its newest clip: a stream that stands still does not age, and what is kept of one that goes on
 * is bounded.
 *
 * @param blocks of clips in {@link Tier#BLOCK}; older ones are in {@link Tier#TOKENS}
 * @param tokens of those; older ones are in {@link Tier#CAPTION}
 */
public record Tiers(Duration blocks, Duration tokens) {
  /** Visual tokens are a tenth of a block, so that they are kept long. */
  private static final Duration TOKENS_AGE = Duration.ofDays(7);

  /** All clips whole, however old. */
  public static final Tiers BLOCKS_ONLY = ofBlocks(Duration.ofDays(36_500));

  public Tiers {
    if (blocks.isNegative() || tokens.compareTo(blocks) < 0) {
      throw new IllegalArgumentException("blocks are kept for " + blocks + " and tokens for "
          + tokens + ", which must not be shorter");
    }
  }

  /** Blocks up to an age, tokens for a week, or as long as blocks if that is longer. */
  public static Tiers ofBlocks(Duration blocks) {
    return new Tiers(blocks, blocks.compareTo(TOKENS_AGE) > 0 ? blocks : TOKENS_AGE);
  }
}
