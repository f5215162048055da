package org.onlooker.vision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.onlooker.core.Picture;

/** Arrays of the reference library for the tiny packs: {@code testdata/golden/README.md}. */
public final class GoldenPixels {
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));

  private GoldenPixels() {}

  public static Path pack(String name) {
    return ROOT.resolve("testdata/packs").resolve(name);
  }

  public static float[] array(String golden, String name) {
    try {
      byte[] bytes = Files.readAllBytes(
          ROOT.resolve("testdata/golden").resolve(golden).resolve(name + ".f32"));
      float[] values = new float[bytes.length / Float.BYTES];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The square picture whose {@code pixel_values} these are; mean and deviation are 0.5. */
  public static Picture picture(float[] pixelValues) {
    int pixels = pixelValues.length / 3;
    int edge = (int) Math.sqrt(pixels);
    byte[] rgb = new byte[pixelValues.length];
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        float value = pixelValues[channel * pixels + pixel];
        rgb[pixel * 3 + channel] = (byte) Math.round((value * 0.5f + 0.5f) * 255);
      }
    }
    return new Picture(edge, edge, rgb);
  }

  public static float largestDifference(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      throw new AssertionError(actual.length + " values, expected " + expected.length);
    }
    float worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    }
    return worst;
  }
}
