package org.onlooker.core;

/**
 * Pixels as the vision tower wants them.
 *
 * @param rgb RGB24, full range, {@code height * width * 3} bytes, row-major, no padding
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are passed on, never compared
public record Picture(int width, int height, byte[] rgb) {
  public Picture {
    if (width <= 0 || height <= 0 || rgb.length != width * height * 3) {
      throw new IllegalArgumentException(
          "picture of " + width + "x" + height + " has " + rgb.length + " bytes");
    }
  }
}
