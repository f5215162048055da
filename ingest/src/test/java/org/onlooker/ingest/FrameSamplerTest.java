package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameSamplerTest {
  private static List<Long> kept(double fps, long... ptsMicros) {
    FrameSampler sampler = new FrameSampler(fps);
    List<Long> kept = new ArrayList<>();
    for (long pts : ptsMicros) {
      if (sampler.keeps(pts)) {
        kept.add(pts);
      }
    }
    return kept;
  }

  @Test
  void keeps_firstFrameWhateverItsTime() {
    assertThat(kept(2, 10_123_456)).containsExactly(10_123_456L);
    assertThat(kept(2, -500_000)).containsExactly(-500_000L);
  }

  @Test
  void keeps_firstFrameAtOrAfterEachGridPoint() {
    assertThat(kept(2, 0, 400_000, 520_000, 900_000, 1_000_000, 1_400_000, 1_520_000))
        .containsExactly(0L, 520_000L, 1_000_000L, 1_520_000L);
  }

  @Test
  void keeps_frameRoundedDownFromTheGridPoint() {
    assertThat(kept(2, 0, 499_999, 540_000)).containsExactly(0L, 499_999L);
  }

  @Test
  void keeps_afterSilence_oneFrameNotTheMissedOnes() {
    assertThat(kept(2, 0, 10_100_000, 10_140_000, 10_500_000))
        .containsExactly(0L, 10_100_000L, 10_500_000L);
  }

  @Test
  void keeps_afterJumpBack_startsAnew() {
    assertThat(kept(2, 9_000_000, 9_500_000, 40_000, 400_000, 540_000))
        .containsExactly(9_000_000L, 9_500_000L, 40_000L, 540_000L);
  }

  @Test
  void keeps_smallDisorder_isNoJump() {
    assertThat(kept(2, 0, 500_000, 460_000, 540_000, 1_000_000))
        .containsExactly(0L, 500_000L, 1_000_000L);
  }

  @Test
  void keeps_dayLongStream_doesNotDrift() {
    FrameSampler sampler = new FrameSampler(2);
    long kept = 0;
    for (long frame = 0; frame < 24 * 3600 * 10; frame++) {
      kept += sampler.keeps(frame * 100_000) ? 1 : 0;
    }
    assertThat(kept).isEqualTo(24 * 3600 * 2);
  }

  @Test
  void constructor_rateThatIsNone_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new FrameSampler(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new FrameSampler(Double.NaN));
  }
}
