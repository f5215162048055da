package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TotalHits;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;

/**
 * One recall over one snapshot of the index.
 *
 * <p>By relevance: the nearest embeddings above the floor and the best captions (BM25), fused by
 * reciprocal rank. By time: the clips at one end of it among all that match; see {@link
 * #provenByEmbedding}.
 */
final class LuceneRecall {
  private final IndexSearcher searcher;
  private final List<LeafReaderContext> leaves;
  private final RecallQuery query;
  private final ScopeQuery scope;
  private final NearestClips pictures;
  private final List<String> terms;

  LuceneRecall(IndexSearcher searcher, RecallQuery query, SketchCache sketches) throws IOException {
    this.searcher = searcher;
    this.leaves = searcher.getIndexReader().leaves();
    this.query = query;
    this.scope = new ScopeQuery(leaves, query.stream(), query.scope());
    this.pictures = new NearestClips(leaves, scope, Vectors.unit(query.embedding()), sketches);
    this.terms = CaptionAnalyzer.terms(query);
  }

  List<Recalled> run() throws IOException {
    return query.order() == RecallQuery.Order.RELEVANCE ? relevant() : atOneEnd();
  }

  private List<Recalled> relevant() throws IOException {
    TopDocs byEmbedding = topDocs(nearest());
    TopDocs byCaption = terms.isEmpty()
        ? topDocs(List.of())
        : searcher.search(captions(terms, BooleanClause.Occur.SHOULD), Fusion.CANDIDATES);
    TopDocs fused = TopDocs.rrf(
        2 * Fusion.CANDIDATES, Fusion.RANK_CONSTANT, new TopDocs[] {byEmbedding, byCaption});
    Map<Integer, Map<String, Double>> signals = new HashMap<>();
    note(signals, byEmbedding, Fusion.EMBEDDING);
    note(signals, byCaption, Fusion.CAPTION);
    List<Recalled> matches =
        recalled(Arrays.asList(fused.scoreDocs), hit -> signals.getOrDefault(hit.doc, Map.of()));
    return Selection.byScore(matches, query.limit());
  }

  private List<Recalled> atOneEnd() throws IOException {
    List<String> known = known();
    List<Recalled> byAll = List.of();
    List<Recalled> byHead = List.of();
    if (!known.isEmpty()) {
      byAll = endmost(known);
      byHead = known.size() == 1 ? byAll : endmost(List.of(known.getLast()));
    }
    List<List<Recalled>> proofs = List.of(byAll, byHead, provenByEmbedding());
    return Selection.byTime(proofs, query);
  }

  RecallQuery query() {
    return query;
  }

  NearestClips pictures() {
    return pictures;
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

  private Query captions(List<String> words, BooleanClause.Occur occur) {
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    builder.add(scope, BooleanClause.Occur.FILTER);
    words.forEach(word -> builder.add(new TermQuery(told(word)), occur));
    return builder
        .setMinimumNumberShouldMatch(occur == BooleanClause.Occur.SHOULD ? 1 : 0)
        .build();
  }

  /** The clips whose captions hold all of the words. */
  CaptionMatches told(List<String> words) throws IOException {
    return new CaptionMatches(searcher, scope, captions(words, BooleanClause.Occur.MUST));
  }

  private List<Recalled> endmost(List<String> words) throws IOException {
    Endmost endmost = new Endmost(Fusion.CANDIDATES, newestFirst());
    told(words).endmost(endmost);
    return endmost(endmost, Fusion.CAPTION);
  }

  private boolean newestFirst() {
    return query.order() == RecallQuery.Order.NEWEST;
  }

  /** The nearest embeddings, scored by cosine, none below the floor. */
  private List<ScoreDoc> nearest() throws IOException {
    return pictures.best(Fusion.CANDIDATES, query.floor());
  }

  /** The cosine from which an embedding is proof; empty when none passes the floor. */
  OptionalDouble proof() throws IOException {
    List<ScoreDoc> nearest = nearest();
    return nearest.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(Fusion.proofCosine(query.floor(), nearest.getFirst().score));
  }

  /**
   * Clips at the wanted end whose embedding is proof. When the nearest candidates go below the
   * proof they hold every such clip; otherwise such clips abound, and those at the wanted end are
   * looked for.
   */
  private List<Recalled> provenByEmbedding() throws IOException {
    List<ScoreDoc> nearest = nearest();
    if (nearest.isEmpty()) {
      return List.of();
    }
    double proof = Fusion.proofCosine(query.floor(), nearest.getFirst().score);
    boolean complete = nearest.size() < Fusion.CANDIDATES || nearest.getLast().score < proof;
    if (complete) {
      return recalled(
          nearest.stream().filter(hit -> hit.score >= proof).toList(), Fusion.EMBEDDING);
    }
    Endmost endmost = new Endmost(Fusion.CANDIDATES, newestFirst());
    pictures.endmost(proof, endmost);
    return endmost(endmost, Fusion.EMBEDDING);
  }

  private List<Recalled> endmost(Endmost hits, String signal) throws IOException {
    Comparator<Recalled> inTime = Comparator.comparingLong(clip -> clip.key().sequence());
    return recalled(hits.found(), signal).stream()
        .sorted(newestFirst() ? inTime.reversed() : inTime)
        .limit(Fusion.CANDIDATES)
        .toList();
  }

  private List<Recalled> recalled(List<ScoreDoc> hits, String signal) throws IOException {
    return recalled(hits, hit -> Map.of(signal, (double) hit.score));
  }

  /** Reads the clips in order of documents, and gives them in the order of the hits. */
  private List<Recalled> recalled(
      List<ScoreDoc> hits, Function<ScoreDoc, Map<String, Double>> signals) throws IOException {
    Map<Integer, Recalled> byDoc = new HashMap<>();
    List<ScoreDoc> byDocument = new ArrayList<>(hits);
    byDocument.sort(Comparator.comparingInt(hit -> hit.doc));
    int at = 0;
    for (LeafReaderContext leaf : leaves) {
      int end = leaf.docBase + leaf.reader().maxDoc();
      if (at < byDocument.size() && byDocument.get(at).doc < end) {
        var clips = new IndexedClips.Reader(leaf.reader(), query.stream());
        for (; at < byDocument.size() && byDocument.get(at).doc < end; at++) {
          ScoreDoc hit = byDocument.get(at);
          int doc = hit.doc - leaf.docBase;
          byDoc.put(hit.doc, clips.recalled(doc, hit.score, signals.apply(hit)));
        }
      }
    }
    return hits.stream().map(hit -> byDoc.get(hit.doc)).toList();
  }

  private static void note(Map<Integer, Map<String, Double>> signals, TopDocs hits, String signal) {
    for (ScoreDoc hit : hits.scoreDocs) {
      signals.computeIfAbsent(hit.doc, _ -> new HashMap<>()).put(signal, (double) hit.score);
    }
  }

  private static TopDocs topDocs(List<ScoreDoc> hits) {
    TotalHits total = new TotalHits(hits.size(), TotalHits.Relation.GREATER_THAN_OR_EQUAL_TO);
    return new TopDocs(total, hits.toArray(ScoreDoc[]::new));
  }
}
