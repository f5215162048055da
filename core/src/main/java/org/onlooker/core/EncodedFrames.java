package org.onlooker.core;

/**
 * What the vision tower makes of a clip's frames.
 *
 * @param embedding unit length, for recall; empty when the pack has no image embedding
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record EncodedFrames(VisualTokens tokens, float[] embedding) {}
