package org.onlooker.bench;

import java.util.OptionalLong;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;

/** Reads the time off a picture of {@link ClockSource}; {@code clock_server.py} says how. */
final class DrawnClock {
  static final PictureSpec PICTURES =
      new PictureSpec(320, 240, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);

  private static final int SQUARE = 40;
  private static final int COLUMNS = 8;
  private static final int BITS = 48;
  private static final int LIGHT = 128;

  private DrawnClock() {}

  /** Milliseconds since the epoch; empty where the squares cannot be read. */
  static OptionalLong millis(Picture picture) {
    long code = 0;
    for (int bit = 0; bit < BITS; bit++) {
      code = code << 1 | (isLight(picture, bit) ? 1 : 0);
    }
    long millis = code >>> 4;
    long sum = 0;
    for (long digits = millis; digits > 0; digits >>>= 4) {
      sum += digits & 0xf;
    }
    return (sum & 0xf) == (code & 0xf) && millis > 0
        ? OptionalLong.of(millis)
        : OptionalLong.empty();
  }

  /** The middle of a square; its edges are blurred. */
  private static boolean isLight(Picture picture, int bit) {
    int left = bit % COLUMNS * SQUARE + SQUARE / 4;
    int top = bit / COLUMNS * SQUARE + SQUARE / 4;
    long sum = 0;
    for (int y = top; y < top + SQUARE / 2; y++) {
      for (int x = left; x < left + SQUARE / 2; x++) {
        sum += picture.rgb()[(y * picture.width() + x) * 3 + 1] & 0xff;
      }
    }
    return sum > (long) LIGHT * SQUARE / 2 * SQUARE / 2;
  }
}
