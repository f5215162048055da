package org.onlooker.retrieval;

import java.io.IOException;
import java.util.Optional;
import org.apache.lucene.index.NumericDocValues;

/**
 * Walks the clips of one segment whose cosine is proof, in time order or against it. It reads no
 * further than it is asked to.
 */
final class ProvenClips {
  private static final int BLOCK = 4096;

  private final SegmentVectors vectors;
  private final double proof;
  private final boolean newestFirst;
  private final Optional<NumericDocValues> leftOut;
  private final float[] estimates = new float[BLOCK];
  private int blockStart = -BLOCK;
  private int index;
  private float cosine;

  /** @param leftOut documents that have one of these values are left out */
  ProvenClips(
      SegmentVectors vectors,
      double proof,
      boolean newestFirst,
      Optional<NumericDocValues> leftOut) {
    this.leftOut = leftOut;
    this.vectors = vectors;
    this.proof = proof;
    this.newestFirst = newestFirst;
    this.index = newestFirst ? vectors.to() : vectors.from() - 1;
  }

  /** Moves to the next clip; false behind the last one. */
  boolean next() throws IOException {
    double least = proof - vectors.errorMax();
    int step = newestFirst ? -1 : 1;
    for (index += step; vectors.from() <= index && index < vectors.to(); index += step) {
      if (estimate() >= least && isWanted()) {
        cosine = vectors.cosine(index);
        if (cosine >= proof) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isWanted() throws IOException {
    return vectors.isLive(index)
        && (leftOut.isEmpty() || !leftOut.get().advanceExact(vectors.doc(index)));
  }

  private float estimate() {
    if (index < blockStart || index >= blockStart + BLOCK) {
      blockStart = newestFirst ? Math.max(vectors.from(), index - BLOCK + 1) : index;
      vectors.estimate(blockStart, Math.min(BLOCK, vectors.to() - blockStart), estimates);
    }
    return estimates[index - blockStart];
  }

  /** In the segment. */
  int doc() {
    return vectors.doc(index);
  }

  float cosine() {
    return cosine;
  }
}
