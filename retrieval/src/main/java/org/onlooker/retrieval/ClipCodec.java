package org.onlooker.retrieval;

import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;

/** Lucene's own format on disk, its vectors as they are: {@link NearestClips} needs no graph. */
final class ClipCodec extends Lucene104Codec {
  private static final int NO_GRAPH_BELOW = Integer.MAX_VALUE;
  private static final KnnVectorsFormat FLAT = new Lucene99HnswVectorsFormat(
      Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN,
      Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH,
      Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER,
      null,
      NO_GRAPH_BELOW);

  @Override
  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
    return FLAT;
  }
}
