package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Answer;
import org.onlooker.core.Citation;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.ContextPolicy;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.Pts;
import org.onlooker.core.Question;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Refused;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamNow;
import org.onlooker.core.Tier;
import org.onlooker.core.TimedQuestion;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedModel.Step;
import org.onlooker.testing.TestClips;

/**
 * Answers over clips of all tiers. The scripted model makes the blocks that {@link #remember}
 * stores; a clip of its pack sees two clips before it.
 */
class TieredAnswerTest {
  private static final StreamId ID = new StreamId("cam");

  private final MemoryStore store = new HeapMemoryStore(1_000);
  private final List<List<Integer>> seen = new ArrayList<>();
  private final List<float[]> firstKeys = new ArrayList<>();
  private final List<Integer> budgets = new ArrayList<>();
  private ScriptedModel model = new ScriptedModel(
      prompt -> {
        seen.add(prompt.context().stream().map(item -> item.label().seconds()).toList());
        prompt.context().forEach(this::readKeys);
        return List.of(new Step.Say("At "), new Step.Name(new ClipLabel(10)));
      },
      tokens -> "");

  @AfterEach
  void close() {
    store.close();
  }

  private void readKeys(ContextItem item) {
    if (item instanceof ContextItem.Block block) {
      firstKeys.add(block.block().keys().toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  @Test
  void clipsWithoutBlocks_areMadeAgainBehindTheirOwnNeighbours() {
    rememberTo(30);
    store.demote(ID, Tier.TOKENS, 0, 20);
    ask(10, 11, 17, 25);
    assertThat(seen).containsExactly(List.of(10, 11, 17, 25));
    assertThat(model.prefilled()).containsExactly(List.of(8, 9, 10, 11), List.of(15, 16, 17));
    try (KvBlock stored = TestClips.block(17, 4)) {
      assertThat(firstKeys.get(2)).isEqualTo(stored.keys().toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  @Test
  void blocksMadeAgain_areKeptForTheNextQuestion() {
    rememberTo(30);
    store.demote(ID, Tier.TOKENS, 0, 20);
    ask(10);
    ask(10);
    assertThat(seen).containsExactly(List.of(10), List.of(10));
    assertThat(model.prefilled()).hasSize(1);
    store.block(new ClipKey(ID, 10)).orElseThrow().close();
    assertThat(store.block(new ClipKey(ID, 9))).isEmpty();
  }

  @Test
  void neighbours_endAtAGapAndAtTheStart() {
    rememberTo(5);
    remember(5, 20);
    remember(6, 21);
    store.demote(ID, Tier.TOKENS, 0, 9);
    ask(1, 6);
    assertThat(model.prefilled()).containsExactly(List.of(0, 1), List.of(20, 21));
  }

  @Test
  void neighboursThatRepeat_areTheirOriginals() {
    rememberTo(3);
    repeat(3, 2);
    repeat(4, 2);
    remember(5, 5);
    store.demote(ID, Tier.TOKENS, 0, 9);
    ask(4, 5);
    assertThat(seen).containsExactly(List.of(2, 5));
    assertThat(model.prefilled()).containsExactly(List.of(0, 1, 2, 5));
  }

  @Test
  void clipsWithoutTokens_areCitedButNotSeen() {
    rememberTo(30);
    store.demote(ID, Tier.CAPTION, 0, 20);
    Answer answer = ask(10, 25);
    assertThat(seen).containsExactly(List.of(25));
    assertThat(model.prefilled()).isEmpty();
    assertThat(answer.status()).isEqualTo(Answer.Status.COMPLETED);
    assertThat(answer.citations())
        .extracting(Citation::span)
        .containsExactly(Span.ofSeconds(10, 11));
  }

  @Test
  void onlyCaptionsLeft_areTheAnswer() {
    rememberTo(30);
    store.demote(ID, Tier.CAPTION, 0, 20);
    Answer answer = ask(10, 12);
    assertThat(seen).isEmpty();
    assertThat(answer.status()).isEqualTo(Answer.Status.COMPLETED);
    assertThat(answer.text())
        .isEqualTo("That was too long ago to look at again; what I noted then:"
            + " 0:10: a dog 10; 0:12: a dog 12.");
    assertThat(answer.citations())
        .extracting(Citation::span)
        .containsExactly(Span.ofSeconds(10, 11), Span.ofSeconds(12, 13));
  }

  @Test
  void clipBudget_isAsManyAsFitByTheTokensOfTheNewest() {
    rememberTo(30); // of 4 tokens each; a complete one takes 6
    ask(29);
    model = model.withRoomFor(8 * 6);
    ask(29);
    model = model.withRoomFor(22);
    ask(29);
    assertThat(budgets).containsExactly(8, 8, 5);
  }

  @Test
  void clipsThatDoNotFit_areNotSeen() {
    rememberTo(30);
    store.demote(ID, Tier.TOKENS, 0, 20);
    model = model.withRoomFor(8);
    ask(12, 24, 25);
    ask(24, 25);
    assertThat(seen).containsExactly(List.of(24, 25), List.of(24, 25));
    assertThat(store.block(new ClipKey(ID, 12))).isEmpty();
  }

  private void rememberTo(int end) {
    for (int sequence = 0; sequence < end; sequence++) {
      remember(sequence, sequence);
    }
  }

  private void remember(int sequence, int second) {
    Memory like = TestClips.memory(ID, sequence, "a dog " + sequence, new float[] {0, 1});
    Memory memory = new Memory(
        like.key(),
        Span.ofSeconds(second, second + 1),
        TestClips.START.plusSeconds(second),
        like.fingerprint(),
        like.tokens(),
        like.embedding(),
        like.keyMeans(),
        like.caption(),
        like.thumbnail());
    try (KvBlock block = TestClips.block(second, 4)) {
      store.append(memory, block);
    }
  }

  private void repeat(int sequence, int original) {
    ClipEntry entry = store.entry(new ClipKey(ID, original)).orElseThrow();
    store.appendRepeat(entry.repeatedBy(
        new ClipKey(ID, sequence),
        Span.ofSeconds(sequence, sequence + 1),
        TestClips.START.plusSeconds(sequence)));
  }

  private Answer ask(long... sequences) {
    QuestionAnswerer.Sources sources = new QuestionAnswerer.Sources(
        store,
        new ExactMemoryIndex(TestClips.FINGERPRINT),
        model,
        text -> new float[0],
        (question, asOf, start, live, zone) -> now(question),
        id ->
            Optional.of(new StreamNow(TestClips.START, Pts.ofSeconds(60), false, Optional.empty())),
        List.of(new Chosen(budgets::add, sequences)),
        new ModelSlots(1, InstantSource.fixed(TestClips.START)));
    try (QuestionAnswerer answerer = new QuestionAnswerer(
        sources,
        new QuestionAnswerer.Limits(1, 4, Duration.ofSeconds(30)),
        InstantSource.fixed(TestClips.START.plusSeconds(60)),
        ZoneOffset.UTC)) {
      Heard heard = new Heard();
      answerer.ask(Question.of(ID, "what is there"), heard);
      return heard.answer();
    } catch (Refused e) {
      throw new AssertionError(e);
    }
  }

  static TimedQuestion now(String question) {
    return new TimedQuestion(
        List.of(new TimedQuestion.Part.Words(question)),
        Optional.empty(),
        RecallQuery.Order.RELEVANCE,
        TimedQuestion.About.NOW,
        TimedQuestion.Neighbour.NONE,
        false,
        TimedQuestion.Change.NONE);
  }

  /** Chooses the clips that a test names. */
  private record Chosen(IntConsumer budget, long... sequences) implements ContextPolicy {
    @Override
    public String name() {
      return "chosen";
    }

    @Override
    public Selection select(Inquiry inquiry) {
      budget.accept(inquiry.clipBudget());
      return new Selection(
          LongStream.of(sequences)
              .mapToObj(
                  sequence -> inquiry.store().entry(new ClipKey(ID, sequence)).orElseThrow())
              .map(entry -> new Recalled(entry.key(), entry.span(), 1, Map.of("caption", 1.0)))
              .toList(),
          false);
    }
  }
}
