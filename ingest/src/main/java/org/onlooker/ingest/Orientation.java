package org.onlooker.ingest;

import java.nio.IntBuffer;

/**
 * How a stored picture is turned and mirrored to be shown: a pixel at (x, y) goes to {@code (a·x +
 * c·y, b·x + d·y)}, y pointing down, each of the four being -1, 0 or 1.
 *
 * <p>The same form as FFmpeg's display matrix ({@code libavutil/display.h}), which containers store
 * as 16.16 fixed point; turns that are no multiple of 90 degrees are left out.
 */
record Orientation(int a, int b, int c, int d) {
  static final Orientation UPRIGHT = new Orientation(1, 0, 0, 1);
  private static final double NEARLY = 0.1;

  /** From the nine integers of a display matrix. */
  static Orientation of(IntBuffer matrix) {
    double scale = Math.hypot(matrix.get(0), matrix.get(1));
    double otherScale = Math.hypot(matrix.get(3), matrix.get(4));
    if (scale == 0 || otherScale == 0) {
      return UPRIGHT;
    }
    double[] entries = {
      matrix.get(0) / scale, matrix.get(1) / scale,
      matrix.get(3) / otherScale, matrix.get(4) / otherScale
    };
    int[] signs = new int[4];
    for (int i = 0; i < 4; i++) {
      signs[i] = (int) Math.round(entries[i]);
      if (Math.abs(entries[i] - signs[i]) > NEARLY) {
        return UPRIGHT;
      }
    }
    Orientation orientation = new Orientation(signs[0], signs[1], signs[2], signs[3]);
    return Math.abs(orientation.a * orientation.d - orientation.b * orientation.c) == 1
        ? orientation
        : UPRIGHT;
  }

  boolean isUpright() {
    return equals(UPRIGHT);
  }

  /** Whether width and height change places. */
  boolean isQuarterTurn() {
    return a == 0;
  }

  /**
   * The picture as it is to be shown.
   *
   * @param pixels {@code width * height * 3} bytes, row-major
   */
  byte[] apply(byte[] pixels, int width, int height) {
    if (isUpright()) {
      return pixels;
    }
    int shownWidth = isQuarterTurn() ? height : width;
    int shownHeight = isQuarterTurn() ? width : height;
    int originX = (a < 0 ? width - 1 : 0) + (c < 0 ? height - 1 : 0);
    int originY = (b < 0 ? width - 1 : 0) + (d < 0 ? height - 1 : 0);
    byte[] shown = new byte[pixels.length];
    for (int row = 0, to = 0; row < shownHeight; row++) {
      for (int column = 0; column < shownWidth; column++, to += 3) {
        int x = a * (column - originX) + b * (row - originY);
        int y = c * (column - originX) + d * (row - originY);
        int from = (y * width + x) * 3;
        shown[to] = pixels[from];
        shown[to + 1] = pixels[from + 1];
        shown[to + 2] = pixels[from + 2];
      }
    }
    return shown;
  }
}
