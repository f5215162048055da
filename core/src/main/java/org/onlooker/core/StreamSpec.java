package org.onlooker.core;

import java.util.Optional;

/**
 * What a user asks to be watched.
 *
 * @param source address as typed: {@code rtsp://…}, {@code http(s)://…}, {@code webcam:0}, a file
 *     path or {@code test:pattern}; it may hold credentials, so it is shown only {@link
 *     Addresses#redacted redacted}
 * @param fps sampled frames per second of media time, 0.1 to 30
 * @param prompt extra words for the commentary of this stream
 * @param pace for recordings
 * @param loop play a recording again from its start for ever, as a live source
 */
public record StreamSpec(
    StreamId id, String source, double fps, Optional<String> prompt, Pace pace, boolean loop) {
  public static final double DEFAULT_FPS = 2;

  public StreamSpec {
    if (source.isBlank()) {
      throw new IllegalArgumentException("source of stream \"" + id + "\" is empty");
    }
    requireFps(fps);
  }

  /** @throws IllegalArgumentException when nothing can be watched at such a rate */
  public static void requireFps(double fps) {
    if (!(fps >= 0.1 && fps <= 30)) {
      throw new IllegalArgumentException("fps is " + fps + ", must be between 0.1 and 30");
    }
  }

  /** Whether the source is a file, which nothing but the user can mend when it is broken. */
  public boolean isFile() {
    boolean isAddress =
        source.contains("://") || source.startsWith("webcam:") || source.startsWith("test:");
    return !isAddress || source.startsWith("file:");
  }

  /** Whether it is read as {@code other} is: at most the words for its commentary differ. */
  boolean isReadAs(StreamSpec other) {
    return equals(
        new StreamSpec(other.id, other.source, other.fps, prompt, other.pace, other.loop));
  }

  /** A stream with the default rate, in real time, played once. */
  public static StreamSpec of(String id, String source) {
    return new StreamSpec(
        new StreamId(id), source, DEFAULT_FPS, Optional.empty(), Pace.REALTIME, false);
  }
}
