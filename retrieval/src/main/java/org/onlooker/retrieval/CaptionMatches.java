package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.Bits;

/** The clips that match a query for captions, read in time order, segment by segment. */
final class CaptionMatches {
  private static final int FIRST_WINDOW = 4096;

  private final List<LeafReaderContext> leaves;
  private final ScopeQuery scope;
  private final Weight weight;

  CaptionMatches(IndexSearcher searcher, ScopeQuery scope, Query captions) throws IOException {
    this.leaves = searcher.getIndexReader().leaves();
    this.scope = scope;
    this.weight = searcher.createWeight(searcher.rewrite(captions), ScoreMode.COMPLETE, 1);
  }

  boolean any() throws IOException {
    for (LeafReaderContext leaf : leaves) {
      Optional<Walk> walk = in(leaf);
      if (walk.isPresent() && walk.get().next()) {
        return true;
      }
    }
    return false;
  }

  /** Those of one segment, in time order. */
  Optional<Walk> in(LeafReaderContext leaf) throws IOException {
    ScopeQuery.Range range = scope.in(leaf);
    return range.size() == 0 ? Optional.empty() : walk(leaf, range.from(), range.to());
  }

  private Optional<Walk> walk(LeafReaderContext leaf, int from, int to) throws IOException {
    Scorer scorer = weight.scorer(leaf);
    return scorer == null
        ? Optional.empty()
        : Optional.of(new Walk(scorer, Optional.ofNullable(leaf.reader().getLiveDocs()), from, to));
  }

  /** Adds the clips at one end of time. */
  void endmost(Endmost endmost) throws IOException {
    for (LeafReaderContext leaf : endmost.ordered(leaves)) {
      ScopeQuery.Range range = scope.in(leaf);
      if (endmost.needs(leaf, range)) {
        List<ScoreDoc> hits = endmost.newestFirst()
            ? last(endmost.count(), leaf, range)
            : first(endmost.count(), leaf, range);
        for (ScoreDoc hit : hits) {
          endmost.add(leaf, hit.doc, hit.score);
        }
      }
    }
  }

  private List<ScoreDoc> first(int count, LeafReaderContext leaf, ScopeQuery.Range range)
      throws IOException {
    List<ScoreDoc> found = new ArrayList<>();
    Optional<Walk> walk = walk(leaf, range.from(), range.to());
    while (walk.isPresent() && found.size() < count && walk.get().next()) {
      found.add(walk.get().hit());
    }
    return found;
  }

  /** Reads backwards in growing windows, each of them forwards. */
  private List<ScoreDoc> last(int count, LeafReaderContext leaf, ScopeQuery.Range range)
      throws IOException {
    List<ScoreDoc> found = new ArrayList<>();
    int end = range.to();
    for (int size = FIRST_WINDOW; end > range.from() && found.size() < count; size *= 4) {
      int start = Math.max(range.from(), end - size);
      found.addAll(0, first(Integer.MAX_VALUE, leaf, new ScopeQuery.Range(start, end)));
      end = start;
    }
    return found.subList(Math.max(0, found.size() - count), found.size());
  }

  /** Moves through matching documents of one segment. */
  static final class Walk {
    private final Scorer scorer;
    private final DocIdSetIterator docs;
    private final Optional<Bits> live;
    private final int to;
    private int next;

    private Walk(Scorer scorer, Optional<Bits> live, int from, int to) {
      this.scorer = scorer;
      this.docs = scorer.iterator();
      this.live = live;
      this.to = to;
      this.next = from;
    }

    /** Moves to the next match; false behind the last one. */
    boolean next() throws IOException {
      int doc = docs.docID() < next ? docs.advance(next) : docs.nextDoc();
      while (doc < to && live.isPresent() && !live.get().get(doc)) {
        doc = docs.nextDoc();
      }
      return doc < to;
    }

    /** In the segment. */
    int doc() {
      return docs.docID();
    }

    float score() throws IOException {
      return scorer.score();
    }

    private ScoreDoc hit() throws IOException {
      return new ScoreDoc(doc(), score());
    }
  }
}
