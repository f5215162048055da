package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.ConstantScoreScorerSupplier;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.Weight;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/**
 * The clips of a stream that start in a span. Because of {@link IndexedClips#ORDER} they are one
 * range of documents in each segment, found by bisection, so that a filter costs nothing per clip.
 */
final class ScopeQuery extends Query {
  /** Documents of a segment; {@code to} is not one of them. */
  record Range(int from, int to) {
    private static final Range NONE = new Range(0, 0);

    int size() {
      return to - from;
    }
  }

  private final StreamId stream;
  private final Span span;
  private final List<Range> ranges = new ArrayList<>();

  /** @param leaves of the searcher that the query is for */
  ScopeQuery(List<LeafReaderContext> leaves, StreamId stream, Span span) throws IOException {
    this.stream = stream;
    this.span = span;
    for (LeafReaderContext leaf : leaves) {
      ranges.add(range(leaf.reader()));
    }
  }

  private Range range(LeafReader segment) throws IOException {
    Range all = ofStream(segment, stream);
    return all.size() == 0
        ? all
        : new Range(
            firstStartingFrom(span.start().micros(), segment, all),
            firstStartingFrom(span.end().micros(), segment, all));
  }

  /** All documents of a stream, removed ones included. */
  static Range ofStream(LeafReader segment, StreamId stream) throws IOException {
    Term term = IndexedClips.streamTerm(stream);
    PostingsEnum docs = segment.postings(term, PostingsEnum.NONE);
    if (docs == null) {
      return Range.NONE;
    }
    int first = docs.nextDoc();
    return new Range(first, first + segment.docFreq(term));
  }

  private static int firstStartingFrom(long micros, LeafReader segment, Range range)
      throws IOException {
    int low = range.from();
    int high = range.to();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (IndexedClips.start(segment, middle) < micros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  StreamId stream() {
    return stream;
  }

  Range in(LeafReaderContext leaf) {
    return ranges.get(leaf.ord);
  }

  @Override
  public Weight createWeight(IndexSearcher searcher, ScoreMode mode, float boost) {
    return new ConstantScoreWeight(this, boost) {
      @Override
      public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext leaf) {
        Range range = in(leaf);
        if (range.size() == 0) {
          return null;
        }
        DocIdSetIterator docs = DocIdSetIterator.range(range.from(), range.to());
        return ConstantScoreScorerSupplier.fromIterator(
            docs, score(), mode, leaf.reader().maxDoc());
      }

      @Override
      public boolean isCacheable(LeafReaderContext leaf) {
        return false; // nothing is cheaper than a range
      }
    };
  }

  @Override
  public void visit(QueryVisitor visitor) {
    visitor.visitLeaf(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScopeQuery scope && ranges.equals(scope.ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  public String toString(String field) {
    return stream + " " + span;
  }
}
