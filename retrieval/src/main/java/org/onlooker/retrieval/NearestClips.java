package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.HitQueue;
import org.apache.lucene.search.ScoreDoc;

/**
 * Finds the clips of a scope whose embeddings are nearest to a question: estimates every cosine
 * from {@link Sketches}, then compares in full those whose estimate is within its error of the
 * best.
 *
 * <p>A graph (HNSW) was measured and left out: where a still view gives thousands of vectors that
 * are nearly alike, its links lead from one of them to the next and hardly beyond
 * (docs/decisions.md). Here such vectors cost time, but none is missed for them.
 */
final class NearestClips {
  /** So few are all compared in full. */
  private static final int ESTIMATED_MIN = 16_384;

  /** Bounds what one question reads (64 MB of vectors of 128 values). */
  private static final int COMPARED_MAX = 131_072;

  /** So many times the wanted count is compared before it is known how near the best are. */
  private static final int FIRST_COMPARED = 4;

  private final List<SegmentVectors> segments = new ArrayList<>();

  /** @param question unit vector; empty for none */
  NearestClips(
      List<LeafReaderContext> leaves, ScopeQuery scope, float[] question, SketchCache sketches)
      throws IOException {
    for (LeafReaderContext leaf : leaves) {
      ScopeQuery.Range range = scope.in(leaf);
      Optional<Sketches> found =
          range.size() == 0 ? Optional.empty() : sketches.of(leaf.reader(), question.length);
      if (found.isPresent()) {
        segments.add(new SegmentVectors(leaf, range, found.get(), question));
      }
    }
  }

  /** The nearest clips with a cosine of at least {@code floor}, nearest first. */
  List<ScoreDoc> best(int count, double floor) throws IOException {
    HitQueue best = new HitQueue(count, true);
    if (segments.stream().mapToLong(SegmentVectors::size).sum() <= ESTIMATED_MIN) {
      for (SegmentVectors segment : segments) {
        segment.compareAll(best);
      }
    } else {
      Estimates estimates = new Estimates(segments);
      double first = estimates.least(FIRST_COMPARED * count);
      estimates.compare(first, Double.POSITIVE_INFINITY, best);
      double least = Math.max(floor, best.top().score);
      estimates.compare(Math.max(estimates.least(COMPARED_MAX), least - errorMax()), first, best);
    }
    return above(floor, best);
  }

  private double errorMax() {
    return segments.getFirst().errorMax();
  }

  private static List<ScoreDoc> above(double floor, HitQueue best) {
    List<ScoreDoc> found = new ArrayList<>();
    while (best.size() > 0) {
      ScoreDoc hit = best.pop();
      if (hit.score >= floor) { // an unused place has none
        found.addFirst(hit);
      }
    }
    return found;
  }

  /** Adds the clips at one end of time with a cosine that is proof. */
  void endmost(double proof, Endmost endmost) throws IOException {
    for (SegmentVectors segment : endmost.ordered(segments)) {
      if (endmost.needs(segment.leaf(), segment.range())) {
        ProvenClips proven =
            new ProvenClips(segment, proof, endmost.newestFirst(), Optional.empty());
        for (int i = 0; i < endmost.count() && proven.next(); i++) {
          endmost.add(segment.leaf(), proven.doc(), proven.cosine());
        }
      }
    }
  }

  /**
   * The clips of one segment with a cosine that is proof, in time order.
   *
   * @param leftOut documents that have one of these values are left out
   */
  Optional<ProvenClips> proven(
      LeafReaderContext leaf, double proof, Optional<NumericDocValues> leftOut) {
    return segments.stream()
        .filter(segment -> segment.leaf().ord == leaf.ord)
        .findFirst()
        .map(segment -> new ProvenClips(segment, proof, false, leftOut));
  }
}
