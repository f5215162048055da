package org.onlooker.core;

/** Makes a fresh, unopened source for a stream; checks what may be opened before any I/O. */
@FunctionalInterface
public interface FrameSources {
  /**
   * The source of a stream.
   *
   * @throws SourceException with {@link SourceError#REFUSED} when the address is not allowed
   */
  FrameSource create(StreamSpec spec) throws SourceException;
}
