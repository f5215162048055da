package org.onlooker.vision;

import java.util.List;
import org.onlooker.core.Clip;
import org.onlooker.core.Frame;
import org.onlooker.core.Picture;
import org.onlooker.core.TokenReducer;

/**
 * Takes a clip for a repeat when each of its pictures is like every picture of the last remembered
 * clip, so that the vision tower need not run. Compared with the remembered clip, not with the one
 * before, a slow change adds up until it is seen; compared with all its pictures, a thing that has
 * just stopped is not taken for one that moves.
 *
 * <p>Pictures are compared box by box (4 x 4 pixels, averaged, which takes away most of a sensor's
 * noise); the box that differs most decides, since a sliver of something is enough for a tower.
 */
public final class UnchangedPictures implements TokenReducer {
  private final double differenceMax;

  /** @param differenceMax of a box's channel, that is no change, in 0 to 255 */
  public UnchangedPictures(double differenceMax) {
    this.differenceMax = differenceMax;
  }

  @Override
  public String name() {
    return "unchanged";
  }

  @Override
  public Reduction open() {
    return new Watched();
  }

  private final class Watched implements Reduction {
    private List<BoxedPicture> remembered = List.of();
    private List<BoxedPicture> newest = List.of();

    @Override
    public boolean isRepeat(Clip clip) {
      newest = clip.frames().stream().map(Frame::picture).map(BoxedPicture::of).toList();
      return !remembered.isEmpty()
          && newest.stream()
              .allMatch(picture ->
                  remembered.stream().allMatch(before -> picture.isLike(before, differenceMax)));
    }

    @Override
    public void remembered() {
      remembered = newest;
    }

    @Override
    public void restart() {
      remembered = List.of();
    }
  }

  /** A picture's boxes of 4 x 4 pixels: mean of each channel, row by row. */
  private record BoxedPicture(int columns, int rows, float[] means) {
    private static final int BOX = 4;
    private static final int CHANNELS = 3;

    /** Pixels beyond the last whole box do not count. */
    static BoxedPicture of(Picture picture) {
      int columns = picture.width() / BOX;
      int rows = picture.height() / BOX;
      float[] means = new float[columns * rows * CHANNELS];
      byte[] rgb = picture.rgb();
      for (int y = 0; y < rows * BOX; y++) {
        int line = y * picture.width() * CHANNELS;
        int target = y / BOX * columns * CHANNELS;
        for (int x = 0; x < columns * BOX; x++) {
          for (int c = 0; c < CHANNELS; c++) {
            means[target + x / BOX * CHANNELS + c] += rgb[line + x * CHANNELS + c] & 0xFF;
          }
        }
      }
      for (int i = 0; i < means.length; i++) {
        means[i] /= BOX * BOX;
      }
      return new BoxedPicture(columns, rows, means);
    }

    boolean isLike(BoxedPicture other, double differenceMax) {
      if (columns != other.columns || rows != other.rows) {
        return false;
      }
      for (int i = 0; i < means.length; i++) {
        if (Math.abs(means[i] - other.means[i]) > differenceMax) {
          return false;
        }
      }
      return true;
    }
  }
}
