package org.onlooker.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.onlooker.core.Appearances;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.ContextPolicy;
import org.onlooker.core.InternalRecall;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Layers;
import org.onlooker.core.OnlookerPolicy;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.TimedQuestion;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Neighbour;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.testing.TestClips;

/** A memory of clips of one second, and what the default policy chooses of it for a question. */
abstract class PolicyScene {
  static final StreamId ID = new StreamId("cam");

  final HeapMemoryStore store = new HeapMemoryStore(2_000);
  final List<String> recalls = new ArrayList<>();
  int clipBudget = 32;
  int proofClips = 1;
  TimedQuestion.Change change = TimedQuestion.Change.NONE;
  Pts asOf = Pts.ZERO;
  About about = About.HISTORY;
  RecallQuery.Order order = RecallQuery.Order.RELEVANCE;
  Neighbour neighbour = Neighbour.NONE;
  Optional<Span> scope = Optional.empty();
  Optional<Pts> moment = Optional.empty();
  List<Pts> moments = List.of();
  List<Long> found = List.of();
  boolean named = true;

  @AfterEach
  void close() {
    store.close();
  }

  /** Something new every ten seconds from 10 to 140, each for ten; a dog at 140; then nothing. */
  void rememberScene() {
    String[] captions = new String[240];
    for (int i = 0; i < captions.length; i++) {
      String thing = i < 130 ? "thing " + i / 10 : i < 140 ? "thing 12" : "dog";
      captions[i] = i < 10 || i >= 150 ? "" : "A " + thing + " and a cloud.";
    }
    remember(captions);
  }

  void remember(int clips) {
    remember(0, clips);
  }

  void remember(int from, int to) {
    for (int i = from; i < to; i++) {
      remember(i, "");
    }
  }

  void remember(String... captions) {
    for (int i = 0; i < captions.length; i++) {
      remember(i, captions[i]);
    }
  }

  void remember(int sequence, String caption) {
    try (KvBlock block = TestClips.block(sequence, 1)) {
      store.append(TestClips.memory(ID, sequence, caption, new float[] {0, 1}), block);
    }
    asOf = Pts.ofSeconds(sequence + 1);
  }

  long best() {
    return select().stream()
        .filter(clip -> !clip.signals().containsKey("recent"))
        .reduce((one, other) -> other.score() > one.score() ? other : one)
        .orElseThrow()
        .key()
        .sequence();
  }

  List<Long> chosen() {
    return select().stream().map(clip -> clip.key().sequence()).toList();
  }

  List<Recalled> select() {
    return selection().clips();
  }

  ContextPolicy.Selection selection() {
    List<TimedQuestion.Part> parts = new ArrayList<>();
    parts.add(new TimedQuestion.Part.Words("what was there"));
    moment.ifPresent(at -> parts.add(new TimedQuestion.Part.At(at)));
    TimedQuestion question =
        new TimedQuestion(parts, scope, order, about, neighbour, !moments.isEmpty(), change);
    recalls.clear();
    return new OnlookerPolicy()
        .select(new ContextPolicy.Inquiry(
            question, ID, asOf, clipBudget, proofClips, List.of(), moments, store, new Found()));
  }

  /** Recall that finds {@link #found}. */
  private final class Found implements ContextPolicy.Recaller {
    @Override
    public List<Recalled> recall(Span within, RecallQuery.Order wanted, int limit) {
      recalls.add(wanted + " " + limit);
      return found.stream().limit(limit).map(this::clip).toList();
    }

    @Override
    public Map<ClipEntry, Layers> byQueries(
        Span within, InternalRecall.Nearness nearness, int limit) {
      return Map.of();
    }

    @Override
    public Optional<Appearances> appearances(Span within) {
      Appearances.Gatherer gatherer = new Appearances.Gatherer(within, 1);
      found.stream().sorted().map(this::clip).forEach(gatherer::add);
      return Optional.of(gatherer.gathered()).filter(_ -> named);
    }

    private Recalled clip(long i) {
      return new Recalled(
          new ClipKey(ID, i), Span.ofSeconds(i, i + 1), 0.01, Map.of("caption", 0.01));
    }
  }

  /** Notes as a person reads them. */
  String notes() {
    return selection().notes().stream()
        .map(part -> switch (part) {
          case TimedQuestion.Part.Words words -> words.text();
          case TimedQuestion.Part.At at -> at.moment().micros() / 1_000_000 + "";
        })
        .collect(Collectors.joining());
  }

  static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
