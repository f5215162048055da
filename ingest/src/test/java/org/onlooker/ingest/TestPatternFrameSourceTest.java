package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceException;
import org.onlooker.testing.FrameSourceContract;

class TestPatternFrameSourceTest extends FrameSourceContract {
  private static final PictureSpec FULL = new PictureSpec(
      TestPattern.WIDTH,
      TestPattern.HEIGHT,
      PictureSpec.Fit.SQUASH,
      0,
      PictureSpec.Filter.BILINEAR);

  @Override
  protected FrameSource recording(double fps) {
    return source(TestPattern.DEFAULT_SEED, PICTURE, fps, Duration.ofSeconds(3));
  }

  private static FrameSource source(long seed, PictureSpec spec, double fps, Duration length) {
    return new TestPatternFrameSource(
        new TestPattern(seed), spec, fps, length, InstantSource.fixed(NOW));
  }

  @Test
  void next_showsWhatThePatternSays() throws SourceException {
    TestPattern pattern = new TestPattern(3);
    List<Frame> frames = Sources.frames(source(3, FULL, 2, Duration.ofSeconds(20)));
    Set<TestPattern.Ink> seen = new HashSet<>();
    for (Frame frame : frames) {
      for (TestPattern.Item item : pattern.itemsAt(frame.pts().micros())) {
        seen.add(item.ink());
        for (int channel = 0; channel < 3; channel++) {
          int expected = item.ink().rgb >> (16 - 8 * channel) & 0xff;
          assertThat(Sources.sample(frame.picture(), item.x(), item.y(), channel))
              .as("%s at %s", item, frame.pts())
              .isCloseTo(expected, Offset.offset(2));
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(3);
  }

  @Test
  void next_ofAnotherSeed_showsSomethingElse() throws SourceException {
    Frame one = Sources.frames(source(1, PICTURE, 1, Duration.ofSeconds(1))).getFirst();
    Frame other = Sources.frames(source(2, PICTURE, 1, Duration.ofSeconds(1))).getFirst();
    assertThat(one.picture().rgb()).isNotEqualTo(other.picture().rgb());
  }
}
