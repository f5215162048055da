package org.onlooker.core;

/** The question side of recall by embedding. */
@FunctionalInterface
public interface TextEmbedder {
  /** A unit vector in the space of {@link EncodedFrames#embedding}; empty if the pack has none. */
  float[] embed(String text);
}
