package org.onlooker.core;

import java.util.List;
import java.util.Set;

/**
 * Finds clips. It can always be rebuilt from the {@link MemoryStore}. Safe for use by several
 * threads; what was added is found from the next {@link #recall} on.
 */
public interface MemoryIndex extends AutoCloseable {
  /**
   * Adds a clip, or replaces the one that has its key. Clips of one stream are added by one thread
   * at a time; after a failure, from {@link #nextSequence} on.
   */
  void add(ClipEntry entry);

  /** What is found in the query's order: {@link #matches}, or clips of {@link #appearances}. */
  default List<Recalled> recall(RecallQuery query) {
    return query.order().isOfAppearances()
        ? appearances(query).clips(query.order(), query.limit())
        : matches(query);
  }

  /**
   * Clips that match, best first, or from one end of time where the order says so, each once. Empty
   * when nothing passes the floor.
   *
   * @param query in an order that is not of appearances
   */
  List<Recalled> matches(RecallQuery query);

  /**
   * Every appearance of what the question names; order and limit of the query do not matter.
   *
   * <p>A caption says what was there: where a clip has one, it matches by holding all words of the
   * question that any caption knows, or the last of them when no clip holds all. A clip without a
   * caption matches by an embedding that is proof (half-way from the floor to the best), and so
   * does every clip when no caption knows any of the words.
   */
  Appearances appearances(RecallQuery query);

  /** At most {@code limit} of the names in all captions, see {@link CaptionNames}. */
  Set<String> names(int limit);

  /**
   * The sequence from which entries of a stream have to be added again, after a restart or after an
   * {@link #add} or {@link #commit} that failed.
   */
  long nextSequence(StreamId stream);

  void removeStream(StreamId stream);

  /** Removes the clips of a stream that overlap a stretch; their words leave the files too. */
  void remove(StreamId stream, Span stretch);

  /** Bytes on disk, all streams. */
  long bytes();

  /** Makes what was added durable; when that fails, clips added since the last time may be lost. */
  void commit();

  @Override
  void close();
}
