package org.onlooker.core;

import java.time.Instant;
import java.util.List;

/**
 * A short run of sampled frames encoded together.
 *
 * @param frames at least one, in time order
 */
public record Clip(ClipKey key, Span span, Instant startTime, List<Frame> frames) {
  public Clip {
    frames = List.copyOf(frames);
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("clip " + key + " has no frames");
    }
  }
}
