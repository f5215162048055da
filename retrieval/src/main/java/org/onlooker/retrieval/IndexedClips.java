package org.onlooker.retrieval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
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
 * stream     indexed, and doc value
 * sequence   doc value
 * start      media time in microseconds, doc value
 * end        doc value
 * caption    indexed with {@link CaptionAnalyzer}; absent when empty
 * name       of each thing that the caption lists, indexed
 * embedding.D.F  vector of D values of the pack with CRC32C F of its fingerprint; absent without
 * </pre>
 *
 * <p>Each segment is sorted by stream and sequence ({@link #ORDER}): what a question asks of is a
 * range of documents, and reading them in order is reading them in time.
 */
final class IndexedClips {
  static final String VERSION = "3";
  static final String CAPTION = "caption";
  static final String NAME = "name";
  private static final String KEY = "key";
  private static final String STREAM = "stream";
  private static final String SEQUENCE = "sequence";
  private static final String START = "start";
  private static final String END = "end";
  static final Sort ORDER = new Sort(
      new SortField(STREAM, SortField.Type.STRING), new SortField(SEQUENCE, SortField.Type.LONG));

  private IndexedClips() {}

  static Document document(ClipEntry entry, float[] unit) {
    Document document = new Document();
    document.add(new StringField(KEY, key(entry.key()), Field.Store.NO));
    String stream = entry.key().stream().value();
    document.add(new StringField(STREAM, stream, Field.Store.NO));
    document.add(new SortedDocValuesField(STREAM, new BytesRef(stream)));
    document.add(new NumericDocValuesField(SEQUENCE, entry.key().sequence()));
    document.add(new NumericDocValuesField(START, entry.span().start().micros()));
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

  /** Clips of a stream that end at or before {@code before}. */
  static Query overlapping(StreamId stream, Span stretch) {
    return new BooleanQuery.Builder()
        .add(new TermQuery(streamTerm(stream)), BooleanClause.Occur.FILTER)
        .add(
            NumericDocValuesField.newSlowRangeQuery(
                START, Long.MIN_VALUE, stretch.end().micros() - 1),
            BooleanClause.Occur.FILTER)
        .add(
            NumericDocValuesField.newSlowRangeQuery(
                END, stretch.start().micros() + 1, Long.MAX_VALUE),
            BooleanClause.Occur.FILTER)
        .build();
  }

  static long sequence(LeafReader segment, int doc) throws IOException {
    return value(segment.getNumericDocValues(SEQUENCE), doc);
  }

  static long start(LeafReader segment, int doc) throws IOException {
    return value(segment.getNumericDocValues(START), doc);
  }

  private static long value(NumericDocValues values, int doc) throws IOException {
    if (!values.advanceExact(doc)) {
      throw new IOException("document " + doc + " lacks a value");
    }
    return values.longValue();
  }

  /** Reads clips of one segment and one stream, in rising order of documents. */
  static final class Reader {
    private final StreamId stream;
    private final NumericDocValues sequences;
    private final NumericDocValues starts;
    private final NumericDocValues ends;

    Reader(LeafReader segment, StreamId stream) throws IOException {
      this.stream = stream;
      this.sequences = segment.getNumericDocValues(SEQUENCE);
      this.starts = segment.getNumericDocValues(START);
      this.ends = segment.getNumericDocValues(END);
    }

    long sequence(int doc) throws IOException {
      return value(sequences, doc);
    }

    long start(int doc) throws IOException {
      return value(starts, doc);
    }

    long end(int doc) throws IOException {
      return value(ends, doc);
    }

    Recalled recalled(int doc, double score, Map<String, Double> signals) throws IOException {
      Span span = new Span(new Pts(start(doc)), new Pts(end(doc)));
      return new Recalled(new ClipKey(stream, sequence(doc)), span, score, signals);
    }
  }
}
