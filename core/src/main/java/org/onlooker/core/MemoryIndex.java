package org.onlooker.core;

import java.util.List;

/**
 * Finds clips. It can always be rebuilt from the {@link MemoryStore}. Safe for use by several
 * threads; what was added is found from the next {@link #recall} on.
 */
public interface MemoryIndex extends AutoCloseable {
  void add(ClipEntry entry);

  /** Clips that match, best first, each once. Empty when nothing passes the floor. */
  List<Recalled> recall(RecallQuery query);

  /** The sequence from which entries of a stream have to be added again after a restart. */
  long nextSequence(StreamId stream);

  void removeStream(StreamId stream);

  /** Makes what was added durable. */
  void commit();

  @Override
  void close();
}
