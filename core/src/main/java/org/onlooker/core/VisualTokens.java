package org.onlooker.core;

/**
 * Encoder output for a clip.
 *
 * @param frameCount frames in the clip, or groups of frames that the tower takes together
 * @param width values per token (the decoder's hidden size)
 * @param values {@code frameCount * tokensPerFrame * width}, frame-major, then token-major
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record VisualTokens(int frameCount, int tokensPerFrame, int width, float[] values) {
  public VisualTokens {
    if (values.length != frameCount * tokensPerFrame * width) {
      throw new IllegalArgumentException("visual tokens of " + frameCount + "x" + tokensPerFrame
          + "x" + width + " have " + values.length + " values");
    }
  }

  public int tokenCount() {
    return frameCount * tokensPerFrame;
  }
}
