package org.onlooker.retrieval;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TopDocs;
import org.onlooker.core.Appearances;
import org.onlooker.core.Recalled;

/**
 * Every appearance over one snapshot of the index: pages through all that match in time order and
 * gathers while reading, so that memory is one page and what {@link Appearances} keeps, however
 * long the stretch.
 *
 * <p>Documents lie in order of time only until segments are merged, so each page is sorted; Lucene
 * skips by the points of the sort field what cannot be in it.
 */
final class LuceneAppearances {
  private static final int PAGE = 4096;
  private static final Sort OLDEST_FIRST = new Sort(IndexedClips.bySequence(false));

  private final IndexSearcher searcher;
  private final LuceneRecall recall;
  private final Appearances.Gatherer gatherer;

  LuceneAppearances(IndexSearcher searcher, LuceneRecall recall) {
    this.searcher = searcher;
    this.recall = recall;
    this.gatherer = recall.gatherer();
  }

  Appearances gather() throws IOException {
    List<String> known = recall.known();
    OptionalDouble proof = recall.proof();
    Query pictures = proof.isEmpty() ? new MatchNoDocsQuery() : pictures(!known.isEmpty());
    Query matching = new BooleanQuery.Builder()
        .add(captions(known), BooleanClause.Occur.SHOULD)
        .add(unscored(pictures), BooleanClause.Occur.SHOULD)
        .build();
    TopDocs page = searcher.search(matching, PAGE, OLDEST_FIRST, true);
    while (page.scoreDocs.length > 0) {
      gather(page.scoreDocs, proof.orElse(0));
      ScoreDoc last = page.scoreDocs[page.scoreDocs.length - 1];
      page = searcher.searchAfter(last, matching, PAGE, OLDEST_FIRST, true);
    }
    return gatherer.gathered();
  }

  private Query captions(List<String> known) throws IOException {
    if (known.isEmpty()) {
      return new MatchNoDocsQuery();
    }
    Query all = recall.captions(known, BooleanClause.Occur.MUST);
    return searcher.count(all) > 0
        ? all
        : recall.captions(List.of(known.getLast()), BooleanClause.Occur.MUST);
  }

  /** Clips to be compared by embedding: where captions know the words, only those without one. */
  private Query pictures(boolean captionsKnow) {
    BooleanQuery.Builder pictures = new BooleanQuery.Builder();
    pictures.add(recall.withEmbedding(), BooleanClause.Occur.FILTER);
    if (captionsKnow) {
      pictures.add(new FieldExistsQuery(IndexedClips.CAPTION), BooleanClause.Occur.MUST_NOT);
    }
    return pictures.build();
  }

  /** A match by caption alone has a score (BM25 is above zero). */
  private static Query unscored(Query query) {
    return new BoostQuery(new ConstantScoreQuery(query), 0);
  }

  private void gather(ScoreDoc[] page, double proof) throws IOException {
    ScoreDoc[] pictures =
        Arrays.stream(page).filter(hit -> hit.score == 0).toArray(ScoreDoc[]::new);
    Map<Integer, Float> cosines = new HashMap<>();
    for (ScoreDoc hit : recall.cosines(pictures)) {
      cosines.put(hit.doc, hit.score);
    }
    for (ScoreDoc hit : page) {
      if (hit.score > 0) {
        gatherer.add(match(hit.doc, hit.score, Fusion.CAPTION));
      } else if (cosines.getOrDefault(hit.doc, -1f) >= proof) {
        gatherer.add(match(hit.doc, cosines.get(hit.doc), Fusion.EMBEDDING));
      }
    }
  }

  private Recalled match(int doc, double score, String signal) throws IOException {
    return recall.recalled(doc, score, Map.of(signal, score));
  }
}
