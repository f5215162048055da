package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.onlooker.core.Appearances;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;

/**
 * One recall over one snapshot of the index.
 *
 * <p>By relevance: the nearest embeddings (HNSW) above the floor and the best captions (BM25),
 * fused by reciprocal rank. By time: the clips at one end of it among all that match; see {@link
 * #provenByEmbedding}.
 */
final class LuceneRecall {
  private static final int FIRST_PAGE = 1024;

  private final IndexSearcher searcher;
  private final List<LeafReaderContext> leaves;
  private final RecallQuery query;
  private final Query scope;
  private final float[] question;
  private final String embeddingField;
  private final List<String> terms;

  LuceneRecall(IndexSearcher searcher, RecallQuery query, String fingerprint) {
    this.searcher = searcher;
    this.leaves = searcher.getIndexReader().leaves();
    this.query = query;
    this.scope = IndexedClips.inScope(query.stream(), query.scope());
    this.question = Vectors.unit(query.embedding());
    this.embeddingField = IndexedClips.embeddingField(fingerprint, question.length);
    this.terms = CaptionAnalyzer.terms(query);
  }

  List<Recalled> run() throws IOException {
    return query.order() == RecallQuery.Order.RELEVANCE ? relevant() : atOneEnd();
  }

  private List<Recalled> relevant() throws IOException {
    TopDocs byEmbedding = nearest();
    TopDocs byCaption = terms.isEmpty()
        ? none()
        : searcher.search(captions(terms, BooleanClause.Occur.SHOULD), Fusion.CANDIDATES);
    TopDocs fused = TopDocs.rrf(
        2 * Fusion.CANDIDATES, Fusion.RANK_CONSTANT, new TopDocs[] {byEmbedding, byCaption});
    Map<Integer, Map<String, Double>> signals = new HashMap<>();
    note(signals, byEmbedding, Fusion.EMBEDDING);
    note(signals, byCaption, Fusion.CAPTION);
    List<Recalled> matches = new ArrayList<>();
    for (ScoreDoc hit : fused.scoreDocs) {
      matches.add(recalled(hit.doc, hit.score, signals.getOrDefault(hit.doc, Map.of())));
    }
    return Selection.byScore(matches, query.limit());
  }

  private List<Recalled> atOneEnd() throws IOException {
    List<String> known = known();
    List<Recalled> byAll = List.of();
    List<Recalled> byHead = List.of();
    if (!known.isEmpty()) {
      byAll = endmost(captions(known, BooleanClause.Occur.MUST));
      byHead = known.size() == 1
          ? byAll
          : endmost(captions(List.of(known.getLast()), BooleanClause.Occur.MUST));
    }
    List<List<Recalled>> proofs = List.of(byAll, byHead, provenByEmbedding());
    return Selection.byTime(proofs, query);
  }

  Appearances.Gatherer gatherer() {
    return query.gatherer();
  }

  /** The words of the question that any caption holds, or the name that it means. */
  List<String> known() throws IOException {
    List<String> known = new ArrayList<>();
    for (String term : terms) {
      if (searcher.getIndexReader().docFreq(told(term)) > 0) {
        known.add(term);
      }
    }
    return known;
  }

  private Term told(String word) {
    return new Term(query.name().isPresent() ? IndexedClips.NAME : IndexedClips.CAPTION, word);
  }

  Query captions(List<String> words, BooleanClause.Occur occur) {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    builder.add(scope, BooleanClause.Occur.FILTER);
    words.forEach(word -> builder.add(new TermQuery(told(word)), occur));
    return builder
        .setMinimumNumberShouldMatch(occur == BooleanClause.Occur.SHOULD ? 1 : 0)
        .build();
  }

  private List<Recalled> endmost(Query captions) throws IOException {
    TopDocs hits = searcher.search(captions, Fusion.CANDIDATES, fromTheEnd(), true);
    List<Recalled> found = new ArrayList<>();
    for (ScoreDoc hit : hits.scoreDocs) {
      found.add(recalled(hit.doc, hit.score, Map.of(Fusion.CAPTION, (double) hit.score)));
    }
    return found;
  }

  private Sort fromTheEnd() {
    return new Sort(IndexedClips.bySequence(query.order() == RecallQuery.Order.NEWEST));
  }

  /** The nearest embeddings, scored by cosine, none below the floor. */
  private TopDocs nearest() throws IOException {
    if (question.length == 0) {
      return none();
    }
    TopDocs hits = searcher.search(
        new KnnFloatVectorQuery(embeddingField, question, Fusion.CANDIDATES, scope),
        Fusion.CANDIDATES);
    ScoreDoc[] above = Arrays.stream(hits.scoreDocs)
        .map(hit -> new ScoreDoc(hit.doc, 2 * hit.score - 1))
        .filter(hit -> hit.score >= query.floor())
        .toArray(ScoreDoc[]::new);
    return new TopDocs(hits.totalHits, above);
  }

  /** The cosine from which an embedding is proof; empty when none passes the floor. */
  OptionalDouble proof() throws IOException {
    ScoreDoc[] nearest = nearest().scoreDocs;
    return nearest.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Fusion.proofCosine(query.floor(), nearest[0].score));
  }

  /** Clips in scope that have an embedding to compare. */
  Query withEmbedding() {
    return new BooleanQuery.Builder()
        .add(scope, BooleanClause.Occur.FILTER)
        .add(new FieldExistsQuery(embeddingField), BooleanClause.Occur.FILTER)
        .build();
  }

  /**
   * Clips at the wanted end whose embedding is proof. When the nearest candidates go below the
   * proof they hold every such clip; otherwise such clips abound, and clips are compared from the
   * wanted end on, in growing pages, until there are enough.
   */
  private List<Recalled> provenByEmbedding() throws IOException {
    ScoreDoc[] nearest = nearest().scoreDocs;
    if (nearest.length == 0) {
      return List.of();
    }
    double proof = Fusion.proofCosine(query.floor(), nearest[0].score);
    boolean complete =
        nearest.length < Fusion.CANDIDATES || nearest[nearest.length - 1].score < proof;
    List<Recalled> found = new ArrayList<>();
    for (ScoreDoc hit : complete ? nearest : scan(proof)) {
      if (hit.score >= proof) {
        found.add(recalled(hit.doc, hit.score, Map.of(Fusion.EMBEDDING, (double) hit.score)));
      }
    }
    return found;
  }

  private ScoreDoc[] scan(double proof) throws IOException {
    Query withEmbedding = withEmbedding();
    List<ScoreDoc> found = new ArrayList<>();
    int size = FIRST_PAGE;
    TopDocs page = searcher.search(withEmbedding, size, fromTheEnd());
    while (page.scoreDocs.length > 0) {
      ScoreDoc last = page.scoreDocs[page.scoreDocs.length - 1];
      for (ScoreDoc hit : cosines(page.scoreDocs)) {
        if (hit.score >= proof) {
          found.add(hit);
        }
      }
      if (found.size() >= Fusion.CANDIDATES) {
        break;
      }
      size = Math.min(4 * size, 1 << 18);
      page = searcher.searchAfter(last, withEmbedding, size, fromTheEnd());
    }
    return found.toArray(ScoreDoc[]::new);
  }

  /** Those clips, scored by cosine, in document order. */
  List<ScoreDoc> cosines(ScoreDoc[] page) throws IOException {
    ScoreDoc[] byDoc = page.clone();
    Arrays.sort(byDoc, Comparator.comparingInt(hit -> hit.doc));
    List<ScoreDoc> scored = new ArrayList<>();
    int at = 0;
    while (at < byDoc.length) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(byDoc[at].doc, leaves));
      int end = leaf.docBase + leaf.reader().maxDoc();
      FloatVectorValues vectors = leaf.reader().getFloatVectorValues(embeddingField);
      KnnVectorValues.DocIndexIterator docs = vectors.iterator();
      for (; at < byDoc.length && byDoc[at].doc < end; at++) {
        docs.advance(byDoc[at].doc - leaf.docBase);
        float cosine = Vectors.cosine(question, vectors.vectorValue(docs.index()));
        scored.add(new ScoreDoc(byDoc[at].doc, cosine));
      }
    }
    return scored;
  }

  Recalled recalled(int doc, double score, Map<String, Double> signals) throws IOException {
    return IndexedClips.recalled(leaves, query.stream(), doc, score, signals);
  }

  private static void note(Map<Integer, Map<String, Double>> signals, TopDocs hits, String signal) {
    for (ScoreDoc hit : hits.scoreDocs) {
      signals.computeIfAbsent(hit.doc, _ -> new HashMap<>()).put(signal, (double) hit.score);
    }
  }

  private static TopDocs none() {
    return new TopDocs(new TotalHits(0, TotalHits.Relation.EQUAL_TO), new ScoreDoc[0]);
  }
}
