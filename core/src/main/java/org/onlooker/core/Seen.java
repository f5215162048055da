package org.onlooker.core;

import java.time.Instant;
import java.util.Optional;

/**
 * A clip that was just remembered, as the commentary hears of it.
 *
 * @param kept share of its visual tokens that tell something new, 0 to 1
 * @param completeAt since when a live stream's clip could be spoken of; empty for a recording,
 *     which has time
 */
record Seen(ClipEntry clip, double kept, Optional<Instant> completeAt) {
  /** Whether it follows {@code earlier} without a gap. */
  boolean follows(Seen earlier) {
    return !Gap.isBetween(earlier.clip.span().end(), clip.span());
  }
}
