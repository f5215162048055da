package org.onlooker.language.onnx;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.onlooker.core.KvBlock;
import org.onlooker.language.Rope;

/**
 * The past of a watched stream, [sinks | clips], and the positions its rows stand at. Every clip's
 * raw keys are kept beside the cache, so that a key is always rotated from the original, once.
 *
 * <p>Where positions are the caller's, clips stay where they are when older ones leave: only the
 * sinks move, to the window's left edge, so that they are as near as in a cache that was never
 * cut (StreamingLLM, arXiv 2309.17453, section 3.2), and the whole window goes back to the start
 * when positions come near their limit. Where the graph counts rows itself, every slide moves all
 * keys to their new rows, and half a window leaves at a time to make that rare.
 *
 * <p>Used by one thread.
 */
final class SlidingWindow implements AutoCloseable {
  /**
   * What bounds a window.
   *
   * @param positioned the caller says where rows stand; otherwise the graph counts them
   * @param clipsMax clips that a new clip sees
   * @param positionLimit positions stay below it
   */
  record Bounds(boolean positioned, int clipsMax, int positionLimit) {}

  private final Rope rope;
  private final Bounds bounds;
  private final KvBlock sinks;
  private final KvCache cache;
  private final Deque<KvBlock> clips = new ArrayDeque<>();
  private int firstPosition;
  private int nextPosition;

  /**
   * A window that holds the sinks.
   *
   * @param cache empty, owned by the caller
   * @param sinks raw, owned by the caller
   */
  SlidingWindow(Rope rope, KvCache cache, KvBlock sinks, Bounds bounds) {
    this.rope = rope;
    this.bounds = bounds;
    this.cache = cache;
    this.sinks = sinks;
    cache.grow(sinks.tokenCount());
    cache.put(sinks, 0, rope.to(0, sinks.tokenCount()));
    firstPosition = sinks.tokenCount();
    nextPosition = firstPosition;
  }

  /** Makes room for clips of {@code tokens} in all; returns the position of the first token. */
  int makeRoom(int tokens) {
    if (clips.size() > bounds.clipsMax()) {
      slide();
    }
    if (bounds.positioned() && nextPosition + tokens > bounds.positionLimit()) {
      placeFrom(sinks.tokenCount());
    }
    if (nextPosition + tokens > bounds.positionLimit()) {
      throw new IllegalArgumentException("a clip of " + tokens + " tokens does not fit behind "
          + cache.length() + " tokens; the model has " + bounds.positionLimit() + " positions");
    }
    return nextPosition;
  }

  /** Clips that may be run at once behind this window, so that none sees more than it lets. */
  int clipsAtOnce() {
    return Math.max(1, bounds.clipsMax() + 1 - clips.size());
  }

  /** Takes in the raw block of the clip that was run at the position given, and owns it. */
  void add(KvBlock clip) {
    clips.addLast(clip);
    nextPosition += clip.tokenCount();
  }

  /** The clips, oldest first; valid until the next change. */
  Iterable<KvBlock> clips() {
    return clips;
  }

  /** Hands the clips over, oldest first, with the duty to close them. */
  void handClips(Consumer<KvBlock> taker) {
    while (!clips.isEmpty()) {
      taker.accept(clips.removeFirst());
    }
  }

  /** Forgets the clips, keeps the sinks. */
  void clear() {
    cache.drop(sinks.tokenCount(), cache.length() - sinks.tokenCount());
    clips.forEach(KvBlock::close);
    clips.clear();
    placeFrom(sinks.tokenCount());
  }

  private void slide() {
    int leaving = bounds.positioned() ? clips.size() - bounds.clipsMax() : leavingPacked();
    int rows = 0;
    for (int i = 0; i < leaving; i++) {
      try (KvBlock oldest = clips.removeFirst()) {
        rows += oldest.tokenCount();
      }
    }
    cache.drop(sinks.tokenCount(), rows);
    if (bounds.positioned()) {
      firstPosition += rows;
      placeSinks();
    } else {
      placeFrom(sinks.tokenCount());
    }
  }

  private int leavingPacked() {
    return Math.max(clips.size() - bounds.clipsMax(), (bounds.clipsMax() + 1) / 2);
  }

  private void placeSinks() {
    int left = firstPosition - sinks.tokenCount();
    cache.putKeys(sinks, 0, rope.to(left, sinks.tokenCount()));
  }

  /** Rotates all keys anew, the first clip to {@code position}. */
  private void placeFrom(int position) {
    firstPosition = position;
    nextPosition = position;
    placeSinks();
    int row = sinks.tokenCount();
    for (KvBlock clip : clips) {
      cache.putKeys(clip, row, rope.to(nextPosition, clip.tokenCount()));
      row += clip.tokenCount();
      nextPosition += clip.tokenCount();
    }
  }

  @Override
  public void close() {
    clips.forEach(KvBlock::close);
    clips.clear();
  }
}
