package org.onlooker.core;

/**
 * The picture a vision tower takes; the source scales to it once, in native code.
 *
 * @param fit {@code SQUASH} ignores the aspect ratio, {@code LETTERBOX} keeps it and pads
 * @param padRgb colour of the padding, 0xRRGGBB
 * @param filter interpolation the pack was made for
 */
public record PictureSpec(int width, int height, Fit fit, int padRgb, Filter filter) {
  /** How a frame of another aspect ratio is brought to the tower's. */
  public enum Fit {
    SQUASH,
    LETTERBOX
  }

  /** Interpolation, named as in Pillow ({@code resample} 1, 2, 3). */
  public enum Filter {
    LANCZOS,
    BILINEAR,
    BICUBIC
  }
}
