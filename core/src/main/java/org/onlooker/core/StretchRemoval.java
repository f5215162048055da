package org.onlooker.core;

import java.util.List;

/**
 * Removes a stretch of a stream from all that keeps something of it: index, recorded video, store.
 *
 * <p>In that order, so that nothing is found that is gone; after a crash in between, the same
 * removal can be done again. Blocks of later clips that saw some of the stretch are given up; they
 * are made again from their tokens, without it.
 */
public final class StretchRemoval {
  /** More than follow an original: one is kept whole every 30 s. */
  private static final int REPEATS_MAX = 256;

  private final MemoryStore store;
  private final MemoryIndex index;
  private final Segments segments;
  private final int contextClips;

  /** Of memory that {@code model} makes. */
  public StretchRemoval(MemoryStore store, MemoryIndex index, Segments segments, ModelCard model) {
    this.store = store;
    this.index = index;
    this.segments = segments;
    this.contextClips = model.contextReach();
  }

  /** Returns when its bytes are gone from the files; a segment that is being written stays. */
  public void remove(StreamId stream, Span stretch) {
    Span whole = withRepeats(stream, stretch);
    index.remove(stream, whole);
    segments.remove(stream, stretch);
    store.remove(stream, whole, contextClips);
  }

  /** The stretch up to the end of the last clip that repeats one of it. */
  private Span withRepeats(StreamId stream, Span stretch) {
    long first = behind(stream, stretch.start());
    Pts end = stretch.end();
    for (ClipEntry clip : store.entriesFrom(stream, behind(stream, end), REPEATS_MAX)) {
      boolean repeats = clip.isRepeat() && clip.original().sequence() >= first;
      if (!repeats && !clip.span().overlaps(stretch)) {
        break;
      }
      end = clip.span().end();
    }
    return new Span(stretch.start(), end);
  }

  /** The sequence behind the last clip that ends by {@code pts}. */
  private long behind(StreamId stream, Pts pts) {
    List<ClipEntry> last = store.newest(stream, pts, 1);
    return last.isEmpty() ? 0 : last.getLast().key().sequence() + 1;
  }
}
