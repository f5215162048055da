package org.onlooker.bench;

import java.time.Duration;
import java.util.Locale;
import org.onlooker.core.Tiers;

/**
 * What the last 24 hours of a stream take when each clip is in the tier of its age, worked out from
 * the bytes an hour that were measured; thumbnails, index and video apart.
 *
 * @param measured with all clips in {@link org.onlooker.core.Tier#BLOCK}
 */
record TierMix(Measures measured, Tiers tiers) {
  private static final double HOURS = 24;

  double bytes() {
    return hours(tiers.blocks()) * measured.blockBytesPerHour()
        + hours(tiers.tokens()) * measured.tokenBytesPerHour()
        + HOURS * measured.entryBytesPerHour();
  }

  /** Of the keys and values of every sampled frame, as fp16. */
  double fp16Bytes() {
    return HOURS * measured.fp16BytesPerHour();
  }

  /** Of which hours each value is kept, and what it takes. */
  String line() {
    return String.format(
        Locale.ROOT,
        "24 h by age: keys and values of %.1f h at %.2f MB/h, visual tokens of %.1f h at %.2f,"
            + " entries of %.0f h at %.2f: %.1f MB; fp16 keys and values of all %.0f h: %.0f MB",
        hours(tiers.blocks()),
        measured.blockBytesPerHour() / 1e6,
        hours(tiers.tokens()),
        measured.tokenBytesPerHour() / 1e6,
        HOURS,
        measured.entryBytesPerHour() / 1e6,
        bytes() / 1e6,
        HOURS,
        fp16Bytes() / 1e6);
  }

  private static double hours(Duration age) {
    return Math.min(HOURS, age.toMillis() / 3.6e6);
  }
}
