package org.onlooker.core;

/**
 * How a generation went.
 *
 * @param contextTokens in the cache before the question
 * @param firstTokenNanos from the call to the first token
 */
public record Generation(
    int contextTokens, int questionTokens, int answerTokens, long firstTokenNanos, End end) {
  /** Why decoding stopped. */
  public enum End {
    STOP,
    LENGTH,
    CANCELLED
  }
}
