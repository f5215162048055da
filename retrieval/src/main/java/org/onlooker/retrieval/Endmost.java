package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.ScoreDoc;

/**
 * Collects clips from one end of time on, segment by segment: the one that is likely to be at that
 * end first, and none that is wholly behind what has been found.
 */
final class Endmost {
  private final int count;
  private final boolean newestFirst;
  private final List<ScoreDoc> found = new ArrayList<>();
  private final PriorityQueue<Long> sequences;

  Endmost(int count, boolean newestFirst) {
    this.count = count;
    this.newestFirst = newestFirst;
    Comparator<Long> oldestFirst = Comparator.naturalOrder();
    this.sequences = new PriorityQueue<>(newestFirst ? oldestFirst : oldestFirst.reversed());
  }

  int count() {
    return count;
  }

  boolean newestFirst() {
    return newestFirst;
  }

  /** Segments follow one another in time, but for clips that were replaced. */
  <T> List<T> ordered(List<T> segments) {
    return newestFirst ? segments.reversed() : segments;
  }

  /** Whether a segment may have clips that are nearer to the end than what was found. */
  boolean needs(LeafReaderContext leaf, ScopeQuery.Range range) throws IOException {
    if (range.size() == 0 || sequences.size() < count) {
      return range.size() > 0;
    }
    int doc = newestFirst ? range.to() - 1 : range.from();
    return isNearer(IndexedClips.sequence(leaf.reader(), doc));
  }

  private boolean isNearer(long sequence) {
    long furthest = sequences.element();
    return newestFirst ? sequence > furthest : sequence < furthest;
  }

  /** @param doc in the segment */
  void add(LeafReaderContext leaf, int doc, float score) throws IOException {
    found.add(new ScoreDoc(leaf.docBase + doc, score));
    sequences.add(IndexedClips.sequence(leaf.reader(), doc));
    if (sequences.size() > count) {
      sequences.remove();
    }
  }

  /** All that were added, some of them beyond the count. */
  List<ScoreDoc> found() {
    return found;
  }
}
