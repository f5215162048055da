package org.onlooker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** Seeded questions about a {@link RecallCorpus}, and how well they are recalled. */
final class RecallQuestions {
  private static final int TOP = 16;
  private static final int CANDIDATES = 256; // as many as an index ranks: they come unthinned
  private static final double FLOOR = 0.212; // of onlooker-mini, as are the proof clips
  private static final int PROOF_CLIPS = 3;
  private static final int CLIPS_MAX = 20;
  private static final double TIE = 1e-6;
  private static final float[] NO_EMBEDDING = {};

  private final RecallCorpus corpus;
  private final Random random = new Random(2);

  RecallQuestions(RecallCorpus corpus) {
    this.corpus = corpus;
  }

  /** What was measured of one set of questions. */
  record Compared(double missed, Percentiles ours, Percentiles exact) {}

  /**
   * Asks both indexes for the nearest embeddings: of one thing, of two together, and of a scene
   * without anything. A clip that is not among the 16 nearest counts when it is as near as the
   * 16th.
   *
   * @param seconds of the stretch asked about, at any time of the stream; empty for all of it
   */
  Compared nearest(
      MemoryIndex ours,
      MemoryIndex exact,
      StreamId stream,
      long clips,
      Optional<Long> seconds,
      int questions) {
    Percentiles ourMillis = new Percentiles();
    Percentiles exactMillis = new Percentiles();
    int wanted = 0;
    int found = 0;
    for (int i = 0; i < questions; i++) {
      RecallQuery query = new RecallQuery(
          stream,
          seconds.map(length -> stretch(length, clips)).orElse(Span.ALL),
          Optional.empty(),
          Optional.empty(),
          corpus.question(shown(i), random),
          FLOOR,
          PROOF_CLIPS,
          RecallQuery.Order.RELEVANCE,
          CANDIDATES);
      List<Recalled> truth = exactMillis.ofCpu(() -> exact.recall(query));
      List<Recalled> actual = ourMillis.ofCpu(() -> ours.recall(query));
      int count = Math.min(TOP, truth.size());
      double least = count == 0 ? 1 : cosine(truth.get(count - 1)) - TIE;
      wanted += count;
      found += (int)
          actual.stream().limit(count).filter(clip -> cosine(clip) >= least).count();
    }
    return new Compared(1 - (double) found / wanted, ourMillis, exactMillis);
  }

  private static double cosine(Recalled clip) {
    return clip.signals().getOrDefault("embedding", -1.0);
  }

  private Span stretch(long seconds, long clips) {
    double start = random.nextDouble() * Math.max(0, clips - seconds);
    return Span.ofSeconds(start, start + seconds);
  }

  /** Half of the questions are about one thing, one in sixteen about a view without any. */
  private List<Integer> shown(int question) {
    List<Integer> shown = new ArrayList<>();
    int things = question % 16 == 0 ? 0 : 1 + question % 2;
    while (shown.size() < things) {
      shown.add(corpus.drawn(random));
    }
    return shown;
  }

  /** As the product asks when captions list what is there: words, their name, their vector. */
  RecallQuery asked(int thing, RecallQuery.Order order) {
    return new RecallQuery(
        RecallCorpus.DOOR,
        Span.ALL,
        Optional.of("When did you see the " + corpus.thing(thing) + "?"),
        Optional.of(corpus.thing(thing)),
        corpus.question(List.of(thing), random),
        FLOOR,
        PROOF_CLIPS,
        order,
        CLIPS_MAX);
  }

  /** As it asks when captions are sentences: words and their vector. */
  RecallQuery worded(int thing) {
    RecallQuery named = asked(thing, RecallQuery.Order.RELEVANCE);
    return new RecallQuery(
        named.stream(),
        named.scope(),
        named.text(),
        Optional.empty(),
        named.embedding(),
        FLOOR,
        1,
        RecallQuery.Order.RELEVANCE,
        CLIPS_MAX);
  }

  /** A question that costs nothing but what any question costs: one minute, one name. */
  RecallQuery small(int thing, long second) {
    return new RecallQuery(
        RecallCorpus.DOOR,
        Span.ofSeconds(second, second + 60),
        Optional.empty(),
        Optional.of(corpus.thing(thing)),
        NO_EMBEDDING,
        FLOOR,
        PROOF_CLIPS,
        RecallQuery.Order.RELEVANCE,
        CLIPS_MAX);
  }

  int anyThing() {
    return corpus.drawn(random);
  }
}
