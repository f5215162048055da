package org.onlooker.vision;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.onlooker.core.Picture;
import org.onlooker.onnx.VisionConfig;

/**
 * Bytes to {@code pixel_values}: {@code (byte * rescale - mean) / std} per channel, by a table of
 * 256 values for each.
 */
public final class PixelNormalizer {
  private static final int CHANNELS = 3;

  private final float[][] values = new float[CHANNELS][256];

  public PixelNormalizer(VisionConfig config) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      double mean = config.mean().get(channel);
      double std = config.std().get(channel);
      for (int level = 0; level < 256; level++) {
        values[channel][level] = (float) ((level * config.rescale() - mean) / std);
      }
    }
  }

  /** Floats that one picture takes. */
  public static long floats(int width, int height) {
    return (long) CHANNELS * width * height;
  }

  /** Writes a picture as f32 planes {@code [3][height][width]} from {@code offset} floats on. */
  public void write(Picture picture, MemorySegment target, long offset) {
    byte[] rgb = picture.rgb();
    int pixels = picture.width() * picture.height();
    for (int channel = 0; channel < CHANNELS; channel++) {
      float[] table = values[channel];
      long plane = offset + (long) channel * pixels;
      for (int pixel = 0; pixel < pixels; pixel++) {
        int level = rgb[pixel * CHANNELS + channel] & 0xFF;
        target.setAtIndex(ValueLayout.JAVA_FLOAT, plane + pixel, table[level]);
      }
    }
  }
}
