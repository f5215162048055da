package org.onlooker.core;

/** The cache of one decoder: a key and a value of {@code headDim} per layer, KV head and token. */
public record KvShape(int layers, int kvHeads, int headDim) {
  /** Floats that one token takes in the keys (and again in the values). */
  public int floatsPerToken() {
    return layers * kvHeads * headDim;
  }
}
