package org.onlooker.core;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Encoder output for a clip, or what a {@link TokenReducer} has left of it.
 *
 * @param frameCount frames in the clip, or groups of frames that the tower takes together
 * @param tokensPerFrame places for tokens in a frame
 * @param width values per token (the decoder's hidden size)
 * @param places where each token stands, rising: {@code frame * tokensPerFrame + place in frame}
 * @param values {@code places.length * width}, token-major
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record VisualTokens(
    int frameCount, int tokensPerFrame, int width, int[] places, float[] values) {
  public VisualTokens {
    if (values.length != places.length * width) {
      throw new IllegalArgumentException(places.length + " visual tokens of width " + width
          + " have " + values.length + " values");
    }
    for (int i = 0; i < places.length; i++) {
      if (places[i] < (i == 0 ? 0 : places[i - 1] + 1)
          || places[i] >= frameCount * tokensPerFrame) {
        throw new IllegalArgumentException("visual tokens stand at " + Arrays.toString(places)
            + ", should rise from 0 and stay below " + frameCount * tokensPerFrame);
      }
    }
  }

  /** Tokens at all places, as the tower gives them. */
  public VisualTokens(int frameCount, int tokensPerFrame, int width, float[] values) {
    this(
        frameCount,
        tokensPerFrame,
        width,
        IntStream.range(0, frameCount * tokensPerFrame).toArray(),
        values);
  }

  /** The frames of several clips as one, in their order. */
  public static VisualTokens joined(List<VisualTokens> clips) {
    VisualTokens first = clips.getFirst();
    int frames = clips.stream().mapToInt(VisualTokens::frameCount).sum();
    int count = clips.stream().mapToInt(VisualTokens::tokenCount).sum();
    int[] places = new int[count];
    float[] values = new float[count * first.width];
    int row = 0;
    int before = 0;
    for (VisualTokens clip : clips) {
      for (int i = 0; i < clip.tokenCount(); i++) {
        places[row + i] = before * first.tokensPerFrame + clip.places[i];
      }
      System.arraycopy(clip.values, 0, values, row * first.width, clip.values.length);
      row += clip.tokenCount();
      before += clip.frameCount;
    }
    return new VisualTokens(frames, first.tokensPerFrame, first.width, places, values);
  }

  public int tokenCount() {
    return places.length;
  }

  public boolean isComplete() {
    return places.length == frameCount * tokensPerFrame;
  }

  /** How many tokens each frame has. */
  public int[] countsByFrame() {
    int[] counts = new int[frameCount];
    for (int place : places) {
      counts[place / tokensPerFrame]++;
    }
    return counts;
  }

  /** The tokens whose indices are {@code kept}, each where it stood. */
  public VisualTokens keep(IntPredicate kept) {
    int[] indices = IntStream.range(0, tokenCount()).filter(kept).toArray();
    float[] left = new float[indices.length * width];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(values, indices[i] * width, left, i * width, width);
    }
    int[] stand = IntStream.of(indices).map(index -> places[index]).toArray();
    return new VisualTokens(frameCount, tokensPerFrame, width, stand, left);
  }
}
