package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Clip;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Frame;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.TokenReducer;
import org.onlooker.core.VisualTokens;

/** What every {@link TokenReducer} must do, on streams of a few scenes that come again. */
public abstract class TokenReducerContract {
  private static final int FRAMES = 2;
  private static final int PLACES = 6;
  private static final int WIDTH = 16;
  private static final int CLIPS = 40;

  protected abstract TokenReducer newReducer();

  @Test
  final void reduce_leavesTokensAsTheyWere() {
    TokenReducer.Reduction reduction = newReducer().open();
    for (int i = 0; i < CLIPS; i++) {
      VisualTokens tokens = tokens(i);
      reduction.isRepeat(clip(i));
      VisualTokens left = reduction.reduce(tokens);
      assertThat(left.width()).isEqualTo(WIDTH);
      assertThat(left.frameCount()).isEqualTo(FRAMES);
      for (int row = 0; row < left.tokenCount(); row++) {
        assertThat(row(left, row)).isEqualTo(row(tokens, left.places()[row]));
      }
      remember(reduction, left);
    }
  }

  @Test
  final void reduce_whatWasNotRemembered_changesNothing() {
    TokenReducer.Reduction reduction = newReducer().open();
    TokenReducer.Reduction asking = newReducer().open();
    for (int i = 0; i < CLIPS; i++) {
      asking.isRepeat(clip(i + 7));
      asking.reduce(tokens(i + 7));
      assertThat(step(asking, i)).isEqualTo(step(reduction, i));
    }
  }

  @Test
  final void restart_forgetsAll() {
    TokenReducer.Reduction used = newReducer().open();
    for (int i = 0; i < CLIPS; i++) {
      step(used, i);
    }
    used.restart();
    TokenReducer.Reduction fresh = newReducer().open();
    for (int i = 0; i < CLIPS; i++) {
      assertThat(step(used, i)).isEqualTo(step(fresh, i));
    }
  }

  @Test
  final void open_givesEachStreamItsOwn() {
    TokenReducer reducer = newReducer();
    TokenReducer.Reduction one = reducer.open();
    TokenReducer.Reduction other = reducer.open();
    TokenReducer.Reduction alone = newReducer().open();
    for (int i = 0; i < CLIPS; i++) {
      step(other, i + 3);
      assertThat(step(one, i)).isEqualTo(step(alone, i));
    }
  }

  @Test
  final void firstClip_isKept() {
    TokenReducer.Reduction reduction = newReducer().open();
    assertThat(reduction.isRepeat(clip(0))).isFalse();
    assertThat(reduction.reduce(tokens(0)).tokenCount()).isPositive();
  }

  /** One clip through the whole life cycle: empty where it repeats, else the places kept. */
  private static List<Integer> step(TokenReducer.Reduction reduction, int index) {
    if (reduction.isRepeat(clip(index))) {
      return List.of();
    }
    VisualTokens left = reduction.reduce(tokens(index));
    remember(reduction, left);
    return Arrays.stream(left.places()).boxed().toList();
  }

  private static void remember(TokenReducer.Reduction reduction, VisualTokens left) {
    if (left.tokenCount() > 0) {
      reduction.remembered();
    }
  }

  /** A scene stays for three clips, somewhat altered in each; four scenes come again and again. */
  protected static VisualTokens tokens(int index) {
    int scene = index / 3 % 4;
    float[] values = new float[FRAMES * PLACES * WIDTH];
    Random random = new Random(scene);
    Random change = new Random(index);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < WIDTH; i++) {
      values[scene * WIDTH + i] += (float) (0.5 * change.nextGaussian());
    }
    return new VisualTokens(FRAMES, PLACES, WIDTH, values);
  }

  protected static Clip clip(int index) {
    int scene = index / 3 % 4;
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      frames.add(TestClips.frame(index + i / 2.0, 0x302010 * scene + index % 3));
    }
    Span span = Span.ofSeconds(index, index + 1);
    return new Clip(
        new ClipKey(new StreamId("any"), index), span, TestClips.START.plusSeconds(index), frames);
  }

  private static float[] row(VisualTokens tokens, int row) {
    return Arrays.copyOfRange(tokens.values(), row * WIDTH, (row + 1) * WIDTH);
  }
}
