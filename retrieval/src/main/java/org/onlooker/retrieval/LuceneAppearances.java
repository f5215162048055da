package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.IndexSearcher;
import org.onlooker.core.Appearances;

/**
 * Every appearance over one snapshot of the index: walks through all that match in time order and
 * gathers while reading, so that memory is what {@link Appearances} keeps, however long the
 * stretch.
 */
final class LuceneAppearances {
  private final List<LeafReaderContext> leaves;
  private final LuceneRecall recall;
  private final Appearances.Gatherer gatherer;

  LuceneAppearances(IndexSearcher searcher, LuceneRecall recall) {
    this.leaves = searcher.getIndexReader().leaves();
    this.recall = recall;
    this.gatherer = recall.query().gatherer();
  }

  Appearances gather() throws IOException {
    PriorityQueue<SegmentMatches> oldestFirst =
        new PriorityQueue<>(Comparator.comparingLong(SegmentMatches::sequence));
    for (SegmentMatches segment : segments()) {
      if (segment.next()) {
        oldestFirst.add(segment);
      }
    }
    while (!oldestFirst.isEmpty()) {
      SegmentMatches segment = oldestFirst.remove();
      long limit =
          oldestFirst.isEmpty() ? Long.MAX_VALUE : oldestFirst.element().sequence();
      gatherer.add(segment.run(limit));
      if (!segment.isOver()) {
        oldestFirst.add(segment);
      }
    }
    return gatherer.gathered();
  }

  private List<SegmentMatches> segments() throws IOException {
    List<String> known = recall.known();
    Optional<CaptionMatches> captions = captions(known);
    OptionalDouble proof = recall.proof();
    List<SegmentMatches> segments = new ArrayList<>();
    for (LeafReaderContext leaf : leaves) {
      Optional<CaptionMatches.Walk> told =
          captions.isPresent() ? captions.get().in(leaf) : Optional.empty();
      Optional<ProvenClips> seen =
          proof.isPresent() ? seen(leaf, proof.getAsDouble(), !known.isEmpty()) : Optional.empty();
      segments.add(new SegmentMatches(leaf.reader(), recall.query().stream(), told, seen));
    }
    return segments;
  }

  /** Where captions know what is asked for, only clips without a caption are looked at. */
  private Optional<ProvenClips> seen(LeafReaderContext leaf, double proof, boolean captionsKnow)
      throws IOException {
    return recall
        .pictures()
        .proven(
            leaf,
            proof,
            captionsKnow
                ? Optional.ofNullable(leaf.reader().getNormValues(IndexedClips.CAPTION))
                : Optional.empty());
  }

  /** All words together, or else the last one; empty when captions know none. */
  private Optional<CaptionMatches> captions(List<String> known) throws IOException {
    if (known.isEmpty()) {
      return Optional.empty();
    }
    CaptionMatches all = recall.told(known);
    return Optional.of(all.any() ? all : recall.told(List.of(known.getLast())));
  }
}
