package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds moments by words, over streams and days, with the recall that questions use.
 *
 * <p>1. of each stream, every {@link Appearances appearance} that captions tell, and the clips that
 * match best by picture and by words; 2. what lies together in time is one find; 3. each signal
 * ranks the finds of all streams, and the ranks are fused; 4. the best are looked up in the store.
 * What Onlooker {@link Remark said} of a moment is found too, where no clip shows it already.
 *
 * <p>Signals' own scores mean the same in every stream, ranks within a stream do not: a stream in
 * which the thing never was would have a first one too. Where captions list what is there, they
 * alone say that it was: a picture that resembles it is none, nor are its words in two names.
 *
 * <p>Safe for use by several threads. Nothing that watches waits for it. One search holds at most
 * {@link Appearances#KEPT_MAX} and {@link #CLIPS_MAX} finds of each stream.
 */
public final class MomentSearch {
  /** Most moments of one search. */
  public static final int LIMIT_MAX = 100;

  /** Most characters of the words. */
  public static final int WORDS_LENGTH_MAX = 500;

  /** Best clips of one stream; where captions tell, those only add to what was found. */
  private static final int CLIPS_MAX = 512;

  /** Newest remarks of one stream that are looked through. */
  private static final int REMARKS_MAX = 10_000;

  /** Dampens the weight of the first ranks, as in recall (Cormack et al., SIGIR 2009). */
  private static final int RANK_CONSTANT = 60;

  /**
   * A stretch of a stream to be searched.
   *
   * @param startTime wall time of the stream's media time 0
   * @param scope clips that start in it are found
   */
  public record Stretch(StreamId stream, Instant startTime, Span scope) {}

  private final MemoryStore store;
  private final MemoryIndex index;
  private final TextEmbedder embedder;
  private final ModelCard card;
  private final CaptionNaming naming;

  /** @param card of the pack that made the embeddings and captions */
  public MomentSearch(MemoryStore store, MemoryIndex index, TextEmbedder embedder, ModelCard card) {
    this.store = store;
    this.index = index;
    this.embedder = embedder;
    this.card = card;
    this.naming = new CaptionNaming(index, embedder);
  }

  /**
   * The moments that {@code words} find, best first, those as good as another the newest first;
   * empty when nothing matches.
   *
   * @param limit most moments, at most {@link #LIMIT_MAX}
   */
  public List<Moment> search(String words, List<Stretch> stretches, int limit) {
    Words asked = new Words(words, embedder.embed(words));
    List<Found> found =
        stretches.stream().flatMap(stretch -> everything(asked, stretch)).toList();
    return ranked(found).stream()
        .flatMap(best -> moment(best).stream())
        .limit(Math.min(limit, LIMIT_MAX))
        .toList();
  }

  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record Words(String text, float[] vector) {}

  /**
   * What matches in one stretch of time.
   *
   * @param best its best clip
   */
  private record Found(
      Stretch in,
      Span span,
      ClipKey best,
      Map<Moment.Signal, Double> signals,
      double score,
      Optional<Remark> remark) {
    static Found of(Stretch in, Span span, Recalled clip) {
      Map<Moment.Signal, Double> signals = new EnumMap<>(Moment.Signal.class);
      for (Moment.Signal signal : Moment.Signal.values()) {
        Optional.ofNullable(clip.signals().get(signal.recalledAs()))
            .ifPresent(score -> signals.put(signal, score));
      }
      return new Found(in, span, clip.key(), signals, 0, Optional.empty());
    }

    static Found of(Stretch in, Remark remark, double words) {
      return new Found(
          in,
          remark.span(),
          remark.clip(),
          Map.of(Moment.Signal.WORDS, words),
          0,
          Optional.of(remark));
    }

    double of(Moment.Signal signal) {
      return signals.getOrDefault(signal, Double.NEGATIVE_INFINITY);
    }

    boolean isNear(Found later) {
      return later.span().start().micros() - span.end().micros() <= Appearances.HOLE_MICROS_MAX;
    }

    /** This one and what is near it as one; the clip that looks most like the words shows it. */
    Found with(Found other) {
      Map<Moment.Signal, Double> both = new EnumMap<>(signals);
      other.signals().forEach((signal, score) -> both.merge(signal, score, Math::max));
      Pts end = span.end().isBefore(other.span().end()) ? other.span().end() : span.end();
      boolean otherIsBetter = BY_LOOK.compare(other, this) > 0;
      return new Found(
          in,
          new Span(span.start(), end),
          otherIsBetter ? other.best() : best,
          both,
          0,
          Optional.empty());
    }

    Found scored(double points) {
      return new Found(in, span, best, signals, points, remark);
    }

    Instant startTime() {
      return in.startTime().plus(Duration.ofNanos(span.start().micros() * 1_000));
    }
  }

  private static final Comparator<Found> BY_LOOK = Comparator.comparingDouble(
          (Found found) -> found.of(Moment.Signal.PICTURE))
      .thenComparingDouble(found -> found.of(Moment.Signal.WORDS));

  private Stream<Found> everything(Words asked, Stretch in) {
    List<Found> shown = found(asked, in);
    return Stream.concat(shown.stream(), said(asked, in, shown));
  }

  /** Remarks that hold the words, of moments that no clip was found for. */
  private Stream<Found> said(Words asked, Stretch in, List<Found> shown) {
    SaidWords words = new SaidWords(asked.text());
    return store.remarks(in.stream(), in.scope(), REMARKS_MAX).stream()
        .map(remark -> Found.of(in, remark, words.share(remark.text())))
        .filter(found -> found.of(Moment.Signal.WORDS) > 0)
        .filter(found -> shown.stream().noneMatch(clip -> clip.span().overlaps(found.span())));
  }

  /** Where captions list what is there, each name that the words stand for; else the words. */
  private List<Found> found(Words asked, Stretch in) {
    Stream<Optional<String>> names = captionsList()
        ? naming.named(asked.text(), asked.vector()).stream().map(Optional::of)
        : Stream.of(Optional.empty());
    return together(names
        .flatMap(name -> found(asked, name, in))
        .sorted(Comparator.comparing(one -> one.span().start()))
        .toList());
  }

  private Stream<Found> found(Words asked, Optional<String> name, Stretch in) {
    List<Appearance> told =
        index.appearances(query(asked, name, in, RecallQuery.Order.EVERY, 0)).kept();
    List<Recalled> best =
        index.matches(query(asked, name, in, RecallQuery.Order.RELEVANCE, CLIPS_MAX));
    return Stream.concat(
        told.stream().map(one -> Found.of(in, one.span(), one.first())),
        best.stream()
            .filter(clip -> name.isEmpty() || isWithin(told, clip.span()))
            .map(clip -> Found.of(in, clip.span(), clip)));
  }

  /** Finds with at most a short hole between them as one. */
  private static List<Found> together(List<Found> inTime) {
    List<Found> joined = new ArrayList<>();
    for (Found next : inTime) {
      if (!joined.isEmpty() && joined.getLast().isNear(next)) {
        joined.addLast(joined.removeLast().with(next));
      } else {
        joined.add(next);
      }
    }
    return joined;
  }

  private static boolean isWithin(List<Appearance> told, Span clip) {
    return told.stream().anyMatch(one -> one.span().holds(clip));
  }

  private boolean captionsList() {
    return card.proofClips() > 1;
  }

  private RecallQuery query(
      Words asked, Optional<String> name, Stretch in, RecallQuery.Order order, int limit) {
    return new RecallQuery(
        in.stream(),
        in.scope(),
        Optional.of(asked.text()),
        name,
        asked.vector(),
        card.recallFloor(),
        card.proofClips(),
        order,
        limit);
  }

  /** Best first. */
  private static List<Found> ranked(List<Found> found) {
    double[] points = new double[found.size()];
    for (Moment.Signal signal : Moment.Signal.values()) {
      addRanks(found, signal, points);
    }
    double most = share(1) * Moment.Signal.values().length;
    List<Found> ranked = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      ranked.add(found.get(i).scored(points[i] / most));
    }
    ranked.sort(Comparator.comparingDouble(Found::score)
        .reversed()
        .thenComparing(Found::startTime, Comparator.reverseOrder()));
    return ranked;
  }

  /** Those with the same score have the same rank. */
  private static void addRanks(List<Found> found, Moment.Signal signal, double[] points) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).signals().containsKey(signal)) {
        order.add(i);
      }
    }
    order.sort(
        Comparator.comparingDouble((Integer i) -> found.get(i).of(signal)).reversed());
    int rank = 0;
    double before = Double.POSITIVE_INFINITY;
    for (int place = 0; place < order.size(); place++) {
      double score = found.get(order.get(place)).of(signal);
      rank = score < before ? place + 1 : rank;
      before = score;
      points[order.get(place)] += share(rank);
    }
  }

  private static double share(int rank) {
    return 1.0 / (RANK_CONSTANT + rank);
  }

  /** As the store has it; empty for what was removed meanwhile. */
  private Optional<Moment> moment(Found found) {
    if (found.remark().isPresent()) {
      return found.remark().map(remark -> moment(found, remark));
    }
    return store.entry(found.best()).map(clip -> {
      Span span = found.span();
      Instant zero = clip.streamStart();
      return new Moment(
          found.in().stream(),
          span,
          zero.plusNanos(span.start().micros() * 1_000),
          zero.plusNanos(span.end().micros() * 1_000),
          found.score(),
          Map.copyOf(found.signals()),
          Moment.Kind.CLIP,
          clip.caption(),
          clip.span().start());
    });
  }

  private static Moment moment(Found found, Remark remark) {
    Span span = remark.span();
    return new Moment(
        remark.stream(),
        span,
        remark.startTime(),
        remark.startTime().plusNanos(span.micros() * 1_000),
        found.score(),
        Map.copyOf(found.signals()),
        Moment.Kind.COMMENTARY,
        remark.text(),
        span.start());
  }
}
