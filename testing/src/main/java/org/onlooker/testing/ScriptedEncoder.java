package org.onlooker.testing;

import java.util.List;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.VisualEncoder;
import org.onlooker.core.VisualTokens;

/**
 * A vision tower whose single token per frame is the mean colour of the picture, and whose
 * embedding is the unit vector of that colour.
 */
public final class ScriptedEncoder implements VisualEncoder {
  public static final int WIDTH = 3;

  @Override
  public PictureSpec pictures() {
    return new PictureSpec(8, 8, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);
  }

  @Override
  public EncodedFrames encode(List<Picture> pictures) {
    float[] values = new float[pictures.size() * WIDTH];
    float[] sum = new float[WIDTH];
    for (int frame = 0; frame < pictures.size(); frame++) {
      float[] mean = meanColour(pictures.get(frame));
      for (int i = 0; i < WIDTH; i++) {
        values[frame * WIDTH + i] = mean[i];
        sum[i] += mean[i] + 1e-3f;
      }
    }
    return new EncodedFrames(
        new VisualTokens(pictures.size(), 1, WIDTH, values), TestClips.unit(sum));
  }

  private static float[] meanColour(Picture picture) {
    float[] mean = new float[WIDTH];
    int pixels = picture.width() * picture.height();
    for (int i = 0; i < picture.rgb().length; i++) {
      mean[i % WIDTH] += (picture.rgb()[i] & 0xff) / 255f / pixels;
    }
    return mean;
  }

  @Override
  public void close() {}
}
