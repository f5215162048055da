package org.onlooker.retrieval;

import java.io.IOException;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.HitQueue;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** The embeddings of one segment that are in a scope, by index, beside a question. */
final class SegmentVectors {
  private final Sketches sketches;
  private final Sketches.Question sketched;
  private final float[] question;
  private final FloatVectorValues vectors;
  private final @Nullable Bits live;
  private final LeafReaderContext leaf;
  private final ScopeQuery.Range range;
  private final int from;
  private final int to;

  SegmentVectors(
      LeafReaderContext leaf, ScopeQuery.Range range, Sketches sketches, float[] question)
      throws IOException {
    this.sketches = sketches;
    this.sketched = sketches.question(question);
    this.question = question;
    this.vectors = leaf.reader().getFloatVectorValues(sketches.field());
    this.live = leaf.reader().getLiveDocs();
    this.leaf = leaf;
    this.range = range;
    this.from = sketches.from(range.from());
    this.to = sketches.from(range.to());
  }

  LeafReaderContext leaf() {
    return leaf;
  }

  ScopeQuery.Range range() {
    return range;
  }

  int from() {
    return from;
  }

  /** Behind the last index. */
  int to() {
    return to;
  }

  int size() {
    return to - from;
  }

  /** In the segment. */
  int doc(int index) {
    return sketches.doc(index);
  }

  boolean isLive(int index) {
    return live == null || live.get(sketches.doc(index));
  }

  float cosine(int index) throws IOException {
    return Vectors.cosine(question, vectors.vectorValue(index));
  }

  /** Estimates the cosines of {@code count} vectors from an index on. */
  void estimate(int first, int count, float[] into) {
    sketched.estimate(first, count, into);
  }

  double errorMax() {
    return sketches.errorMax();
  }

  void compareAll(HitQueue best) throws IOException {
    for (int index = from; index < to; index++) {
      compare(index, best);
    }
  }

  /** Puts a vector among the best if it is one of them. */
  void compare(int index, HitQueue best) throws IOException {
    if (!isLive(index)) {
      return;
    }
    float cosine = cosine(index);
    ScoreDoc worst = best.top();
    if (cosine > worst.score) { // of equal ones the first document stays
      worst.score = cosine;
      worst.doc = leaf.docBase + doc(index);
      best.updateTop();
    }
  }
}
