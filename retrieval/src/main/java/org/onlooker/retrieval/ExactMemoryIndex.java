package org.onlooker.retrieval;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.onlooker.core.Appearances;
import org.onlooker.core.CaptionNames;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/**
 * Finds clips by looking at every one. The truth that {@link LuceneMemoryIndex} is measured
 * against, and enough for a memory without a disk. It lasts as long as the process.
 */
public final class ExactMemoryIndex implements MemoryIndex {
  private static final float K1 = 1.2f; // BM25, as Lucene's defaults
  private static final float B = 0.75f;

  private final String fingerprint;
  private final Map<StreamId, TreeMap<Pts, Clip>> streams = new HashMap<>();
  private final Map<String, Integer> clipsWithTerm = new HashMap<>();
  private int captionCount;
  private long termCount;

  /** A clip ready to be compared; {@code unit} is empty without an embedding of our pack. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Clip(ClipEntry entry, float[] unit, List<String> terms, Set<String> names) {}

  /**
   * @param fingerprint of the pack that embeds the questions; embeddings of other packs are never
   *     compared with it
   */
  public ExactMemoryIndex(String fingerprint) {
    this.fingerprint = fingerprint;
  }

  @Override
  public synchronized void add(ClipEntry entry) {
    boolean ours = entry.fingerprint().equals(fingerprint);
    float[] unit = ours ? Vectors.unit(entry.embedding()) : new float[0];
    Clip clip = new Clip(
        entry,
        unit,
        CaptionAnalyzer.captionTerms(entry.caption()),
        CaptionNames.of(entry.caption()));
    TreeMap<Pts, Clip> clips = streams.computeIfAbsent(entry.key().stream(), _ -> new TreeMap<>());
    Optional.ofNullable(clips.put(entry.span().start(), clip)).ifPresent(old -> count(old, -1));
    count(clip, 1);
  }

  private void count(Clip clip, int change) {
    clip.terms().stream()
        .distinct()
        .forEach(term -> clipsWithTerm.merge(term, change, Integer::sum));
    captionCount += clip.entry().caption().isEmpty() ? 0 : change;
    termCount += (long) change * clip.terms().size();
  }

  @Override
  public synchronized List<Recalled> matches(RecallQuery query) {
    List<Clip> inScope = inScope(query);
    List<Recalled> byEmbedding = byEmbedding(query, inScope);
    return query.order() == RecallQuery.Order.RELEVANCE
        ? relevant(
            byEmbedding, byCaption(query, inScope, CaptionAnalyzer.terms(query), 1), query.limit())
        : atOneEnd(query, inScope, byEmbedding);
  }

  private List<Clip> inScope(RecallQuery query) {
    Span scope = query.scope();
    return List.copyOf(clips(query.stream()).subMap(scope.start(), scope.end()).values());
  }

  private static List<Recalled> byEmbedding(RecallQuery query, List<Clip> clips) {
    float[] question = Vectors.unit(query.embedding());
    return matches(
        clips.stream().filter(c -> question.length > 0 && c.unit().length == question.length),
        clip -> Vectors.cosine(question, clip.unit()),
        Fusion.EMBEDDING,
        query.floor());
  }

  @Override
  public synchronized Appearances appearances(RecallQuery query) {
    List<Clip> inScope = inScope(query);
    List<String> known = known(query);
    List<Recalled> byCaption = byCaption(query, inScope, known, known.size());
    if (byCaption.isEmpty()) {
      byCaption = byCaption(query, inScope, head(known), 1);
    }
    List<Recalled> byEmbedding = proven(query, byEmbedding(query, inScope));
    Set<ClipKey> captioned = new HashSet<>();
    inScope.stream()
        .filter(clip -> !known.isEmpty() && !clip.entry().caption().isEmpty())
        .forEach(clip -> captioned.add(clip.entry().key()));
    Appearances.Gatherer gatherer = query.gatherer();
    Stream.concat(
            byCaption.stream(), byEmbedding.stream().filter(c -> !captioned.contains(c.key())))
        .sorted(Comparator.comparingLong(clip -> clip.key().sequence()))
        .forEach(gatherer::add);
    return gatherer.gathered();
  }

  private List<String> known(RecallQuery query) {
    List<String> terms = CaptionAnalyzer.terms(query);
    if (query.name().isPresent()) {
      return terms.stream().filter(names(Integer.MAX_VALUE)::contains).toList();
    }
    return terms.stream().filter(term -> clipsWithTerm(term) > 0).toList();
  }

  /** The last word: of "the red circle" the one that says what it is. */
  private static List<String> head(List<String> known) {
    return known.subList(Math.max(0, known.size() - 1), known.size());
  }

  private static List<Recalled> proven(RecallQuery query, List<Recalled> byEmbedding) {
    double best = byEmbedding.isEmpty() ? 0 : byEmbedding.getFirst().score();
    double proof = Fusion.proofCosine(query.floor(), best);
    return byEmbedding.stream().filter(clip -> clip.score() >= proof).toList();
  }

  private static List<Recalled> relevant(
      List<Recalled> byEmbedding, List<Recalled> byCaption, int limit) {
    return Selection.byScore(Fusion.fuse(List.of(top(byEmbedding), top(byCaption))), limit);
  }

  private static List<Recalled> top(List<Recalled> matches) {
    return matches.subList(0, Math.min(Fusion.CANDIDATES, matches.size()));
  }

  private List<Recalled> atOneEnd(
      RecallQuery query, List<Clip> inScope, List<Recalled> byEmbedding) {
    List<String> known = known(query);
    List<List<Recalled>> proofs = List.of(
        byCaption(query, inScope, known, known.size()),
        byCaption(query, inScope, head(known), 1),
        proven(query, byEmbedding));
    return Selection.byTime(proofs, query);
  }

  private int clipsWithTerm(String term) {
    return clipsWithTerm.getOrDefault(term, 0);
  }

  /** Clips whose captions list the name, or hold at least {@code least} of the terms, by BM25. */
  private List<Recalled> byCaption(
      RecallQuery query, List<Clip> inScope, List<String> terms, int least) {
    if (query.name().isPresent()) {
      return matches(
          inScope.stream().filter(clip -> clip.names().stream().anyMatch(terms::contains)),
          _ -> 1,
          Fusion.CAPTION,
          0);
    }
    return matches(
        inScope.stream().filter(clip -> !terms.isEmpty() && held(terms, clip.terms()) >= least),
        clip -> bm25(terms, clip.terms()),
        Fusion.CAPTION,
        0);
  }

  private static long held(List<String> terms, Collection<String> caption) {
    return terms.stream().filter(caption::contains).count();
  }

  private double bm25(List<String> terms, List<String> caption) {
    float averageLength = (float) (termCount / (double) captionCount);
    float length = K1 * ((1 - B) + B * caption.size() / averageLength);
    double score = 0;
    for (String term : terms) {
      int clips = clipsWithTerm(term);
      int frequency = Collections.frequency(caption, term);
      double weight = Math.log(1 + (captionCount - clips + 0.5) / (clips + 0.5));
      score += weight - weight / (1 + frequency / length);
    }
    return score;
  }

  /** Clips with a score of at least {@code floor}, best first. */
  private static List<Recalled> matches(
      Stream<Clip> clips, ToDoubleFunction<Clip> score, String signal, double floor) {
    return clips
        .map(clip -> recalled(clip.entry(), signal, score.applyAsDouble(clip)))
        .filter(clip -> clip.score() >= floor)
        .sorted(Comparator.comparingDouble(Recalled::score).reversed())
        .toList();
  }

  private static Recalled recalled(ClipEntry entry, String signal, double score) {
    return new Recalled(entry.key(), entry.span(), score, Map.of(signal, score));
  }

  @Override
  public synchronized Set<String> names(int limit) {
    return streams.values().stream()
        .flatMap(clips -> clips.values().stream())
        .flatMap(clip -> clip.names().stream())
        .distinct()
        .limit(limit)
        .collect(Collectors.toSet());
  }

  @Override
  public synchronized long nextSequence(StreamId stream) {
    return Optional.ofNullable(clips(stream).lastEntry())
        .map(last -> last.getValue().entry().key().sequence() + 1)
        .orElse(0L);
  }

  /** By start. */
  private TreeMap<Pts, Clip> clips(StreamId stream) {
    return streams.getOrDefault(stream, new TreeMap<>());
  }

  @Override
  public synchronized void removeStream(StreamId stream) {
    List<Clip> clips = new ArrayList<>(
        Optional.ofNullable(streams.remove(stream)).map(TreeMap::values).orElse(List.of()));
    clips.forEach(clip -> count(clip, -1));
  }

  @Override
  public synchronized void remove(StreamId stream, Span stretch) {
    TreeMap<Pts, Clip> clips = clips(stream);
    Pts first = Optional.ofNullable(clips.floorKey(stretch.start())).orElse(stretch.start());
    clips.subMap(first, stretch.end()).values().removeIf(clip -> {
      boolean gone = clip.entry().span().overlaps(stretch);
      if (gone) {
        count(clip, -1);
      }
      return gone;
    });
  }

  @Override
  public long bytes() {
    return 0;
  }

  /** Nothing outlives the process. */
  @Override
  public void commit() {}

  @Override
  public void close() {}
}
