package org.onlooker.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The encoded media of streams, as their sources sent it. Safe for use by several threads.
 *
 * <p>What a source sends is on disk within 2 s, whatever then befalls the process. A segment begins
 * with a keyframe; segments of a stream follow each other in time, with holes where nothing came or
 * nothing could be written.
 */
public interface Segments extends AutoCloseable {
  /** Segments that overlap {@code span}, in time order, the one that is being written included. */
  List<Segment> overlapping(StreamId stream, Span span);

  /** How the recording of a stream goes. */
  Recording recording(StreamId stream);

  /** Whether {@link #cut} would find anything of this stretch. */
  boolean covers(StreamId stream, Span span);

  /**
   * One file of what is there of a stretch, joined over segments, holes standing still; empty when
   * nothing is. It ends early where the codec or the picture's size changes.
   *
   * @throws StoreException when it cannot be read, or the disk has no room for it
   */
  Optional<Footage> cut(StreamId stream, Span span);

  /**
   * Deletes the segments that overlap a stretch; the one that is being written stays.
   *
   * @return bytes that were given back
   */
  long remove(StreamId stream, Span stretch);

  /** Deletes all segments of a stream; one that is being written is ended first. */
  void removeStream(StreamId stream);

  /**
   * Links, or copies, all segments that are complete into {@code folder}, which is empty.
   *
   * @throws StoreException when it cannot
   */
  void backup(Path folder);

  /**
   * Brings back the segments of a stream, which has none, from a {@link #backup}.
   *
   * @throws StoreException when it cannot; then none are left
   */
  void restore(Path folder, StreamId stream);

  /** Bytes on disk, all streams. */
  long bytes();

  @Override
  void close();
}
