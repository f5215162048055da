package org.onlooker.core;

import java.util.Optional;

/**
 * One connection to a source.
 *
 * <p>Life cycle: 1. constructed (no I/O); 2. {@link #open} once; 3. {@link #next} until empty or an
 * exception; 4. {@link #close}, from any thread, any number of times. Steps 2 and 3 belong to one
 * thread; closing makes a native call in progress return within a second. Every native call has a
 * deadline and ends in a {@link SourceException} when it passes.
 */
public interface FrameSource extends AutoCloseable {
  /** Connects and reads the headers. */
  SourceInfo open() throws SourceException;

  /** The next sampled frame on the source's own clock; empty at the end of a recording. */
  Optional<Frame> next() throws SourceException;

  /**
   * Tells the media time that the last frame was given, on the reading thread. A source that hands
   * its packets on places them by it; until the first frame is placed, none is.
   */
  default void placed(Pts mediaTime) {}

  @Override
  void close();
}
