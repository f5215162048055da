package org.onlooker.language.onnx;

import java.util.OptionalLong;

/** Chooses an answer's tokens one by one and sees how likely the model thinks each. */
@FunctionalInterface
public interface Steps {
  /**
   * How a walk went.
   *
   * @param contextTokens in the cache before the question
   * @param loadNanos that bringing the context into the cache took
   * @param questionNanos that prefilling the question took
   */
  record Walked(int contextTokens, int questionTokens, long loadNanos, long questionNanos) {}

  /**
   * The token to go on with; empty to end.
   *
   * @param logits of all tokens, before the softmax
   */
  OptionalLong next(float[] logits);
}
