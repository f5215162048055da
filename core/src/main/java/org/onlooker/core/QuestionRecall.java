package org.onlooker.core;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recall for one question: the words it is recalled by, what they mean, and how far the stream had
 * been seen when it was asked.
 */
final class QuestionRecall implements ContextPolicy.Recaller {
  /** @param name in captions that the words mean; empty for none */
  private record Meaning(float[] vector, Optional<String> name) {}

  private final QuestionAnswerer.Sources sources;
  private final CaptionNaming naming;
  private final StreamId stream;
  private final Pts seenUntil;
  private final String words;
  private final Map<Span, Appearances> gathered = new HashMap<>();
  private Optional<Meaning> meaning = Optional.empty();

  /** @param asOf clips that end later are not recalled */
  QuestionRecall(
      QuestionAnswerer.Sources sources,
      CaptionNaming naming,
      StreamId stream,
      Pts asOf,
      String words) {
    this.sources = sources;
    this.naming = naming;
    this.stream = stream;
    this.words = words;
    seenUntil = sources.store().newest(stream, asOf, 1).stream()
        .map(clip -> clip.span().end())
        .findFirst()
        .orElse(Pts.ZERO);
  }

  @Override
  public List<Recalled> recall(Span scope, RecallQuery.Order order, int limit) {
    return order.isOfAppearances()
        ? gathered(scope).clips(order, limit)
        : sources.index().matches(query(scope, order, limit));
  }

  /** The clips and the note of a question are read off the same gathering. */
  private Appearances gathered(Span scope) {
    return gathered.computeIfAbsent(
        scope, span -> sources.index().appearances(query(span, RecallQuery.Order.EVERY, 0)));
  }

  @Override
  public Map<ClipEntry, Layers> byQueries(Span scope, InternalRecall.Nearness nearness, int limit)
      throws Refused {
    MemoryStore store = sources.store();
    float[][] queries = sources
        .model()
        .queries(List.of(), List.of(new QuestionPart.Text(words)))
        .orElseThrow(() -> new Refused(
            Refused.Kind.INVALID,
            "the decoder of " + sources.model().card().name()
                + " does not tell its queries; ask with another policy"));
    InternalRecall recall = new InternalRecall(queries, nearness, limit);
    long from = sequenceBehind(scope.start());
    store.scanKeyMeans(stream, from, sequenceBehind(scope.until(seenUntil).end()), recall::add);
    Map<ClipEntry, Layers> found = new LinkedHashMap<>();
    recall
        .found()
        .forEach((sequence, layers) -> store
            .entry(new ClipKey(stream, sequence))
            .ifPresent(entry -> found.put(entry, layers)));
    return found;
  }

  /** The sequence behind the clips that end by {@code moment}. */
  private long sequenceBehind(Pts moment) {
    return sources.store().newest(stream, moment, 1).stream()
        .mapToLong(clip -> clip.key().sequence() + 1)
        .findFirst()
        .orElse(0);
  }

  @Override
  public Optional<Appearances> appearances(Span scope) {
    return meaning().name().map(_ -> gathered(scope));
  }

  private RecallQuery query(Span scope, RecallQuery.Order order, int limit) {
    ModelCard card = sources.model().card();
    return new RecallQuery(
        stream,
        scope.until(seenUntil),
        Optional.of(words),
        meaning().name(),
        meaning().vector(),
        card.recallFloor(),
        card.proofClips(),
        order,
        limit);
  }

  /** Worked out when it is first needed: many questions recall nothing. */
  private Meaning meaning() {
    if (meaning.isEmpty()) {
      float[] vector = sources.embedder().embed(words);
      boolean lists = sources.model().card().proofClips() > 1;
      meaning = Optional.of(new Meaning(vector, lists ? naming.meant(vector) : Optional.empty()));
    }
    return meaning.get();
  }
}
