package org.onlooker.core;

import java.time.Instant;

/**
 * The unit that can be recalled: what is kept of one clip beside its {@link KvBlock}.
 *
 * @param fingerprint of the model pack that made tokens and block; packs are never mixed
 * @param embedding unit length; empty when the pack has none
 * @param keyMeans as {@link KvBlock#keyMeans}
 * @param caption what the model says is visible; empty when it has said nothing
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Memory(
    ClipKey key,
    Span span,
    Instant startTime,
    String fingerprint,
    VisualTokens tokens,
    float[] embedding,
    float[][] keyMeans,
    String caption,
    Jpeg thumbnail) {

  /** The part that listings and the index need. */
  public ClipEntry entry() {
    return new ClipEntry(key, span, startTime, fingerprint, caption, embedding);
  }
}
