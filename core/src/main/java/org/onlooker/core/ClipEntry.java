package org.onlooker.core;

import java.time.Instant;

/**
 * What listings and the index know of a remembered clip; fields as in {@link Memory}.
 *
 * @param original the clip that tokens, block, key means and thumbnail are kept of: this one, or an
 *     earlier one that showed the same
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record ClipEntry(
    ClipKey key,
    Span span,
    Instant startTime,
    String fingerprint,
    String caption,
    float[] embedding,
    ClipKey original) {
  public ClipEntry {
    if (!original.stream().equals(key.stream()) || original.sequence() > key.sequence()) {
      throw new IllegalArgumentException("clip " + key + " cannot repeat " + original);
    }
  }

  /** A clip that shows something of its own. */
  public ClipEntry(
      ClipKey key,
      Span span,
      Instant startTime,
      String fingerprint,
      String caption,
      float[] embedding) {
    this(key, span, startTime, fingerprint, caption, embedding, key);
  }

  /** Whether it shows what an earlier clip did. */
  public boolean isRepeat() {
    return !original.equals(key);
  }

  /** The wall-clock time of its stream's media time zero. */
  public Instant streamStart() {
    return startTime.minusNanos(span.start().micros() * 1_000);
  }

  /** Whether both tell of one clip: keys of a stream that began anew come again. */
  public boolean isSameClip(ClipEntry other) {
    return key.equals(other.key)
        && span.equals(other.span)
        && startTime.equals(other.startTime)
        && fingerprint.equals(other.fingerprint);
  }

  /** The entry of a later clip that shows the same as this one. */
  public ClipEntry repeatedBy(ClipKey later, Span at, Instant start) {
    return new ClipEntry(later, at, start, fingerprint, caption, embedding, original);
  }
}
