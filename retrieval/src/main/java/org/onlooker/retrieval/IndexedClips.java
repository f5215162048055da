package org.onlooker.retrieval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSelector;
import org.apache.lucene.search.TermQuery;
import org.onlooker.core.CaptionNames;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Pts;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/**
 * A clip as a Lucene document. {@link #VERSION} changes with any of it; an index of another version
 * is built anew.
 *
 * <pre>
 * key        stream/sequence, indexed: adding a clip again replaces it
 * stream     indexed
 * sequence   long point and doc value
 * start      media time in microseconds, long point and doc value
 * end        doc value
 * caption    indexed with {@link CaptionAnalyzer}; absent when empty
 * name       of each thing that the caption lists, indexed
 * embedding.D.F  vector of D values of the pack with CRC32C F of its fingerprint; absent without
 * </pre>
 */
final class IndexedClips {
  static final String VERSION = "2";
  static final String CAPTION = "caption";
  static final String NAME = "name";
  private static final String KEY = "key";
  private static final String STREAM = "stream";
  private static final String SEQUENCE = "sequence";
  private static final String START = "start";
  private static final String END = "end";

  private IndexedClips() {}

  static Document document(ClipEntry entry, float[] unit) {
    Document document = new Document();
    document.add(new StringField(KEY, key(entry.key()), Field.Store.NO));
    document.add(new StringField(STREAM, entry.key().stream().value(), Field.Store.NO));
    document.add(new LongField(SEQUENCE, entry.key().sequence(), Field.Store.NO));
    document.add(new LongField(START, entry.span().start().micros(), Field.Store.NO));
    document.add(new NumericDocValuesField(END, entry.span().end().micros()));
    if (!entry.caption().isEmpty()) {
      document.add(new TextField(CAPTION, entry.caption(), Field.Store.NO));
      for (String name : CaptionNames.of(entry.caption())) {
        document.add(new StringField(NAME, name, Field.Store.NO));
      }
    }
    if (unit.length > 0) {
      String field = embeddingField(entry.fingerprint(), unit.length);
      document.add(new KnnFloatVectorField(field, unit, VectorSimilarityFunction.DOT_PRODUCT));
    }
    return document;
  }

  static Term keyTerm(ClipKey key) {
    return new Term(KEY, key(key));
  }

  private static String key(ClipKey key) {
    return key.stream() + "/" + key.sequence();
  }

  static Term streamTerm(StreamId stream) {
    return new Term(STREAM, stream.value());
  }

  static String embeddingField(String fingerprint, int dimension) {
    CRC32C crc = new CRC32C();
    crc.update(fingerprint.getBytes(StandardCharsets.UTF_8));
    return "embedding." + dimension + "." + HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /** Clips of a stream that start in {@code scope}. */
  static Query inScope(StreamId stream, Span scope) {
    return new BooleanQuery.Builder()
        .add(new TermQuery(streamTerm(stream)), BooleanClause.Occur.FILTER)
        .add(
            LongField.newRangeQuery(START, scope.start().micros(), scope.end().micros() - 1),
            BooleanClause.Occur.FILTER)
        .build();
  }

  static SortField bySequence(boolean newestFirst) {
    return LongField.newSortField(SEQUENCE, newestFirst, SortedNumericSelector.Type.MIN);
  }

  static long sequence(List<LeafReaderContext> leaves, int doc) throws IOException {
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    return single(leaf.reader(), SEQUENCE, doc - leaf.docBase);
  }

  static Recalled recalled(
      List<LeafReaderContext> leaves,
      StreamId stream,
      int doc,
      double score,
      Map<String, Double> signals)
      throws IOException {
    LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
    int inLeaf = doc - leaf.docBase;
    long sequence = single(leaf.reader(), SEQUENCE, inLeaf);
    Pts start = new Pts(single(leaf.reader(), START, inLeaf));
    NumericDocValues ends = leaf.reader().getNumericDocValues(END);
    require(ends.advanceExact(inLeaf), END, doc);
    Span span = new Span(start, new Pts(ends.longValue()));
    return new Recalled(new ClipKey(stream, sequence), span, score, signals);
  }

  private static long single(LeafReader reader, String field, int doc) throws IOException {
    SortedNumericDocValues values = reader.getSortedNumericDocValues(field);
    require(values.advanceExact(doc), field, doc);
    return values.nextValue();
  }

  private static void require(boolean there, String field, int doc) throws IOException {
    if (!there) {
      throw new IOException("document " + doc + " has no field " + field);
    }
  }
}
