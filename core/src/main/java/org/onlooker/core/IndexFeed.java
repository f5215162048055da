package org.onlooker.core;

import java.util.List;

/**
 * Brings the index up to what the store holds of one stream, while the stream is watched already.
 *
 * <p>Until then, clips that are added are left to {@link #catchUp}, which finds them in the store:
 * so the index never has a clip while it lacks an earlier one, and {@link
 * MemoryIndex#nextSequence} stays true whenever the process ends.
 *
 * <p>An index that fails, as on a full disk, costs nothing but the finding of the newest clips: the
 * feed is {@link #setBack}, and another {@link #catchUp} begins where the index then stands.
 *
 * <p>Life cycle: 1. constructed; 2. {@link #catchUp} on a thread of its own, again whenever it
 * {@link #isSetBack}; {@link #add} on the watching thread meanwhile and from then on; 3. {@link
 * #stop}.
 */
public final class IndexFeed {
  private static final System.Logger LOG = System.getLogger(IndexFeed.class.getName());
  private static final int BATCH = 128;
  private static final long PROGRESS_NANOS = 10_000_000_000L;

  private final StreamId stream;
  private final MemoryStore store;
  private final MemoryIndex index;
  private long next;
  private boolean caughtUp;
  private boolean setBack;
  private boolean stopped;

  public IndexFeed(StreamId stream, MemoryStore store, MemoryIndex index) {
    this.stream = stream;
    this.store = store;
    this.index = index;
    this.next = index.nextSequence(stream);
  }

  /** Returns when the index has all that the store has, or after {@link #stop}. */
  public void catchUp() {
    long first = next;
    long start = System.nanoTime();
    long told = start;
    while (feedBatch()) {
      if (System.nanoTime() - told > PROGRESS_NANOS) {
        told = System.nanoTime();
        tell(first, start, " of " + (store.nextSequence(stream) - first));
      }
    }
    if (told > start) {
      tell(first, start, ", all there are");
    }
  }

  private void tell(long first, long start, String ofAll) {
    double seconds = (System.nanoTime() - start) / 1e9;
    String text = String.format(
        "stream %s: %d clips indexed again%s, %.0f a second",
        stream, fed() - first, ofAll, (fed() - first) / seconds);
    LOG.log(System.Logger.Level.INFO, text);
  }

  private synchronized long fed() {
    return next;
  }

  /** In steps, so that neither the watching thread nor {@link #stop} waits for more than one. */
  private synchronized boolean feedBatch() {
    if (stopped) {
      return false;
    }
    try {
      next = setBack ? index.nextSequence(stream) : next;
      List<ClipEntry> batch = store.entriesFrom(stream, next, BATCH);
      batch.forEach(index::add);
      caughtUp = batch.isEmpty();
      setBack = false;
      next = caughtUp ? next : batch.getLast().key().sequence() + 1;
    } catch (RuntimeException e) {
      setBack();
      throw e;
    }
    return !caughtUp;
  }

  /** Adds or replaces a clip that the store has; one that fails is left to {@link #catchUp}. */
  public synchronized void add(ClipEntry entry) {
    if (setBack || !caughtUp && entry.key().sequence() >= next) {
      return;
    }
    try {
      index.add(entry);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "clips of stream " + stream + " are indexed later", e);
      setBack();
    }
  }

  /** The index may have lost what was added last. */
  public synchronized void setBack() {
    setBack = true;
    caughtUp = false;
  }

  /** Whether {@link #catchUp} has to be called again. */
  public synchronized boolean isSetBack() {
    return setBack && !stopped;
  }

  /** Whether the index has all that the store has. */
  public synchronized boolean isCaughtUp() {
    return caughtUp;
  }

  /** Nothing is caught up after the return. */
  public synchronized void stop() {
    stopped = true;
  }
}
