package org.onlooker.retrieval;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.DocIdSetIterator;
import org.onlooker.core.Appearance;
import org.onlooker.core.Appearances;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Pts;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/**
 * Walks the matches of one segment in time order: clips that captions tell, and those that their
 * embedding proves.
 */
final class SegmentMatches {
  private record Match(long sequence, long start, long end, double score, String signal) {}

  private final StreamId stream;
  private final IndexedClips.Reader clips;
  private final Optional<CaptionMatches.Walk> told;
  private final Optional<ProvenClips> seen;
  private int toldDoc;
  private int seenDoc;
  private int doc = -1;
  private Match current = new Match(-1, 0, 0, 0, "");

  SegmentMatches(
      LeafReader segment,
      StreamId stream,
      Optional<CaptionMatches.Walk> told,
      Optional<ProvenClips> seen)
      throws IOException {
    this.stream = stream;
    this.clips = new IndexedClips.Reader(segment, stream);
    this.told = told;
    this.seen = seen;
    this.toldDoc = nextTold();
    this.seenDoc = nextSeen();
  }

  private int nextTold() throws IOException {
    return told.isPresent() && told.get().next() ? told.get().doc() : DocIdSetIterator.NO_MORE_DOCS;
  }

  private int nextSeen() throws IOException {
    return seen.isPresent() && seen.get().next() ? seen.get().doc() : DocIdSetIterator.NO_MORE_DOCS;
  }

  /** Moves to the next match; false behind the last one. */
  boolean next() throws IOException {
    if (doc >= 0) {
      if (doc == toldDoc) {
        toldDoc = nextTold();
      }
      if (doc == seenDoc) {
        seenDoc = nextSeen();
      }
    }
    doc = Math.min(toldDoc, seenDoc);
    if (doc == DocIdSetIterator.NO_MORE_DOCS) {
      return false;
    }
    boolean isTold = doc == toldDoc;
    current = new Match(
        clips.sequence(doc),
        clips.start(doc),
        clips.end(doc),
        isTold ? told.orElseThrow().score() : seen.orElseThrow().cosine(),
        isTold ? Fusion.CAPTION : Fusion.EMBEDDING);
    return true;
  }

  boolean isOver() {
    return doc == DocIdSetIterator.NO_MORE_DOCS;
  }

  long sequence() {
    return current.sequence();
  }

  private Recalled recalled(Match match) {
    Span span = new Span(new Pts(match.start()), new Pts(match.end()));
    Map<String, Double> signals = Map.of(match.signal(), match.score());
    return new Recalled(new ClipKey(stream, match.sequence()), span, match.score(), signals);
  }

  /**
   * Reads on as long as matches follow one another closely and come before the sequence {@code
   * limit}, and stands at the one behind them. Most matches are neither the first nor the last of
   * their run: nothing is made of them.
   */
  Appearance run(long limit) throws IOException {
    Recalled first = recalled(current);
    Match last = current;
    long latest = last.end();
    long count = 0;
    boolean goesOn = true;
    while (goesOn) {
      last = current;
      count++;
      latest = Math.max(latest, last.end());
      goesOn = next()
          && current.sequence() < limit
          && current.start() - latest <= Appearances.HOLE_MICROS_MAX;
    }
    Span span = new Span(first.span().start(), new Pts(latest));
    return new Appearance(span, count, first, recalled(last));
  }
}
