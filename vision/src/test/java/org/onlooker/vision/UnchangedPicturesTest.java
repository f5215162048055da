package org.onlooker.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Clip;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Frame;
import org.onlooker.core.Jpeg;
import org.onlooker.core.Picture;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.TokenReducer;
import org.onlooker.testing.TestClips;
import org.onlooker.testing.TokenReducerContract;

final class UnchangedPicturesTest extends TokenReducerContract {
  private static final int EDGE = 64;
  private static final Jpeg NONE = new Jpeg(new byte[0]);

  private final TokenReducer.Reduction reduction = newReducer().open();

  @Override
  protected TokenReducer newReducer() {
    return new UnchangedPictures(12);
  }

  @Test
  void isRepeat_ofNoiseOnTheSameScene() {
    remember(clip(noisy(1), noisy(2)));
    assertThat(reduction.isRepeat(clip(noisy(3), noisy(4)))).isTrue();
  }

  @Test
  void isRepeat_notWhenSomethingSmallCameIn() {
    remember(clip(square(-99), square(-99)));
    assertThat(reduction.isRepeat(clip(square(-99), square(20)))).isFalse();
  }

  @Test
  void isRepeat_notWhenAThingThatMovedHasStopped() {
    remember(clip(square(10), square(20)));
    Clip still = clip(square(20), square(20));
    assertThat(reduction.isRepeat(still)).isFalse();
    reduction.remembered();
    assertThat(reduction.isRepeat(still)).isTrue();
  }

  @Test
  void isRepeat_slowChange_isSeenOnceItHasAddedUp() {
    remember(clip(grey(100), grey(100)));
    int level = 100;
    while (reduction.isRepeat(clip(grey(level), grey(level)))) {
      level++;
    }
    assertThat(level).isEqualTo(113);
  }

  @Test
  void isRepeat_notOfAnotherSize() {
    remember(clip(grey(9), grey(9)));
    Picture small = new Picture(8, 8, new byte[8 * 8 * 3]);
    assertThat(reduction.isRepeat(clip(small, small))).isFalse();
  }

  private void remember(Clip clip) {
    assertThat(reduction.isRepeat(clip)).isFalse();
    reduction.remembered();
  }

  private static Clip clip(Picture... pictures) {
    List<Frame> frames = List.of(pictures).stream()
        .map(picture -> new Frame(Pts.ZERO, TestClips.START, picture, NONE, NONE))
        .toList();
    return new Clip(
        new ClipKey(new StreamId("any"), 0), Span.ofSeconds(0, 1), TestClips.START, frames);
  }

  private static Picture grey(int level) {
    byte[] rgb = new byte[EDGE * EDGE * 3];
    Arrays.fill(rgb, (byte) level);
    return new Picture(EDGE, EDGE, rgb);
  }

  /** Sensor noise with a deviation of 6. */
  private static Picture noisy(int seed) {
    Picture picture = grey(100);
    Random random = new Random(seed);
    for (int i = 0; i < picture.rgb().length; i++) {
      picture.rgb()[i] = (byte) (100 + 6 * random.nextGaussian());
    }
    return picture;
  }

  /** A square of 8 pixels, its left edge at {@code x}. */
  private static Picture square(int x) {
    Picture picture = grey(100);
    for (int row = 30; row < 38; row++) {
      for (int column = Math.max(0, x); column < x + 8; column++) {
        for (int c = 0; c < 3; c++) {
          picture.rgb()[(row * EDGE + column) * 3 + c] = (byte) 200;
        }
      }
    }
    return picture;
  }
}
