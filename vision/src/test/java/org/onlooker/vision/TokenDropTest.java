package org.onlooker.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.onlooker.core.TokenReducer;
import org.onlooker.core.VisualTokens;
import org.onlooker.testing.TokenReducerContract;

/** Reducers that look at tokens only. Tokens of width 2 are told by their angle in degrees. */
final class TokenDropTest {
  @Nested
  final class Alike extends TokenReducerContract {
    @Override
    protected TokenReducer newReducer() {
      return new AlikeTokens(Math.cos(Math.toRadians(10)));
    }

    @Test
    void reduce_allAlike_leavesNone_oneOff_leavesAll() {
      TokenReducer.Reduction reduction = newReducer().open();
      assertThat(kept(reduction, 0, 90, 180)).containsExactly(0, 1, 2);
      assertThat(kept(reduction, 5, 95, 185)).isEmpty();
      assertThat(kept(reduction, 9, 90, 180)).isEmpty();
      assertThat(kept(reduction, 9, 90, 195)).containsExactly(0, 1, 2);
      assertThat(kept(reduction, 9, 90, 195)).isEmpty();
    }
  }

  @Nested
  final class Differential extends TokenReducerContract {
    @Override
    protected TokenReducer newReducer() {
      return new DifferentialTokenDrop(Math.cos(Math.toRadians(30)));
    }

    @Test
    void reduce_dropsWhatIsAlikeAtItsPlace() {
      TokenReducer.Reduction reduction = newReducer().open();
      kept(reduction, 0, 90, 180);
      assertThat(kept(reduction, 0, 170, 180)).containsExactly(1);
    }

    @Test
    void reduce_slowChange_isKeptOnceItHasAddedUp() {
      TokenReducer.Reduction reduction = newReducer().open();
      kept(reduction, 0, 0, 0);
      assertThat(kept(reduction, 20, 0, 0)).isEmpty();
      assertThat(kept(reduction, 40, 0, 0)).containsExactly(0);
      assertThat(kept(reduction, 60, 0, 0)).isEmpty();
    }

    @Test
    void reduce_hardlyAnythingAlike_keepsAllOfAnotherScene() {
      TokenReducer.Reduction reduction = newReducer().open();
      kept(reduction, 0, 0, 0, 0, 0, 0);
      assertThat(kept(reduction, 90, 90, 90, 90, 90, 0)).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Nested
  final class Novelty extends TokenReducerContract {
    @Override
    protected TokenReducer newReducer() {
      return new NoveltyPruner(0.5);
    }

    @Test
    void reduce_keepsWhatIsUnlikeTheFrameAndThePast() {
      TokenReducer.Reduction reduction = newReducer().open();
      float[] values = new float[8 * 4];
      for (int i = 0; i < values.length; i++) {
        boolean steady = i % 4 < 2;
        values[i] = steady ? (i == 5 * 4 ? 0.5f : 1) : (float) Math.sin(i);
      }
      VisualTokens left = reduction.reduce(new VisualTokens(1, 8, 4, values));
      assertThat(left.tokenCount()).isEqualTo(4);
      assertThat(left.places()).contains(5);
    }
  }

  @Nested
  final class Chain extends TokenReducerContract {
    @Override
    protected TokenReducer newReducer() {
      return new ReducerChain(List.of(
          new UnchangedPictures(0.5), new AlikeTokens(0.9), new DifferentialTokenDrop(0.8)));
    }

    @Test
    void name_tellsAll() {
      assertThat(newReducer().name()).isEqualTo("unchanged,alike,differential");
    }
  }

  /** Places kept of tokens at those angles, remembered where any are. */
  private static int[] kept(TokenReducer.Reduction reduction, double... degrees) {
    float[] values = new float[2 * degrees.length];
    for (int i = 0; i < degrees.length; i++) {
      values[2 * i] = (float) Math.cos(Math.toRadians(degrees[i]));
      values[2 * i + 1] = (float) Math.sin(Math.toRadians(degrees[i]));
    }
    VisualTokens left = reduction.reduce(new VisualTokens(1, degrees.length, 2, values));
    if (left.tokenCount() > 0) {
      reduction.remembered();
    }
    return left.places();
  }
}
