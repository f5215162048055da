package org.onlooker.retrieval;

import java.io.IOException;
import java.util.Optional;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.onlooker.core.Recalled;
import org.onlooker.core.StreamId;

/**
 * Walks the matches of one segment in time order: clips that captions tell, and those that their
 * embedding proves; where captions know what is asked for, only those of them without a caption.
 */
final class SegmentMatches {
  private final IndexedClips.Reader clips;
  private final Optional<CaptionMatches.Walk> told;
  private final Optional<ProvenClips> seen;
  private final Optional<NumericDocValues> captioned;
  private int toldDoc;
  private int seenDoc;
  private int doc = -1;
  private long sequence;

  SegmentMatches(
      LeafReader segment,
      StreamId stream,
      Optional<CaptionMatches.Walk> told,
      Optional<ProvenClips> seen,
      boolean captionsKnow)
      throws IOException {
    this.clips = new IndexedClips.Reader(segment, stream);
    this.told = told;
    this.seen = seen;
    this.captioned = captionsKnow
        ? Optional.ofNullable(segment.getNormValues(IndexedClips.CAPTION))
        : Optional.empty();
    this.toldDoc = nextTold();
    this.seenDoc = nextSeen();
  }

  private int nextTold() throws IOException {
    return told.isPresent() && told.get().next() ? told.get().doc() : DocIdSetIterator.NO_MORE_DOCS;
  }

  private int nextSeen() throws IOException {
    while (seen.isPresent() && seen.get().next()) {
      if (captioned.isEmpty() || !captioned.get().advanceExact(seen.get().doc())) {
        return seen.get().doc();
      }
    }
    return DocIdSetIterator.NO_MORE_DOCS;
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
    sequence = clips.sequence(doc);
    return true;
  }

  long sequence() {
    return sequence;
  }

  Recalled match() throws IOException {
    return doc == toldDoc
        ? clips.recalled(doc, told.orElseThrow().score(), Fusion.CAPTION)
        : clips.recalled(doc, seen.orElseThrow().cosine(), Fusion.EMBEDDING);
  }
}
