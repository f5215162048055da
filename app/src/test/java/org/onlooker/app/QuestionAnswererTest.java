package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.Answer;
import org.onlooker.core.BlindPolicy;
import org.onlooker.core.Citation;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.FullPolicy;
import org.onlooker.core.Gap;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.OnlookerPolicy;
import org.onlooker.core.Prompt;
import org.onlooker.core.Pts;
import org.onlooker.core.Question;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.RecentPolicy;
import org.onlooker.core.Refused;
import org.onlooker.core.SinksWindowPolicy;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamNow;
import org.onlooker.core.TimedQuestion;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedModel.Step;
import org.onlooker.testing.TestClips;

class QuestionAnswererTest {
  private static final StreamId ID = new StreamId("cam");
  private static final int CLIPS = 60;

  private final MemoryStore store = new HeapMemoryStore(1_000);
  private final ExactMemoryIndex index = new ExactMemoryIndex(TestClips.FINGERPRINT);
  private final List<Prompt> prompts = new ArrayList<>();
  private TimedQuestion.About about = TimedQuestion.About.NOW;
  private RecallQuery.Order order = RecallQuery.Order.RELEVANCE;
  private TimedQuestion.Neighbour neighbour = TimedQuestion.Neighbour.NONE;
  private Optional<Pts> moment = Optional.empty();
  private Optional<Span> scope = Optional.empty();
  private StreamNow now =
      new StreamNow(TestClips.START, Pts.ofSeconds(CLIPS), false, Optional.empty());

  @BeforeEach
  void remember() {
    for (int i = 0; i < CLIPS; i++) {
      boolean dog = i >= 20 && i < 23;
      remember(i, dog ? "a dog" : "nothing", dog ? new float[] {1, 0} : new float[] {0, 1});
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void now_streamsTheAnswerAndCitesTheNewestClip() {
    Heard heard = ask(ScriptedModel.saying("A dog and a bus."), Question.of(ID, "what is there"));
    assertThat(heard.deltas).containsExactly("A ", "dog ", "and ", "a ", "bus.");
    assertThat(heard.answer().text()).isEqualTo("A dog and a bus.");
    assertThat(heard.answer().status()).isEqualTo(Answer.Status.COMPLETED);
    assertThat(heard.citations).extracting(Citation::span).containsExactly(Span.ofSeconds(59, 60));
    assertThat(heard.citations.getFirst().startTime()).isEqualTo(TestClips.START.plusSeconds(59));
    assertThat(heard.answer().citations()).isEqualTo(heard.citations);
  }

  @Test
  void history_momentNamedByTheModel_isReadableAndCited() {
    about = TimedQuestion.About.HISTORY;
    ScriptedModel model =
        scripted(new Step.Say("At "), new Step.Name(new ClipLabel(22)), new Step.Say("."));
    Heard heard = ask(model, Question.of(ID, "when did you last see the dog"));
    assertThat(heard.answer().text()).isEqualTo("At 0:22.");
    assertThat(heard.citations).extracting(Citation::span).containsExactly(Span.ofSeconds(22, 23));
    assertThat(heard.citations.getFirst().signals()).containsKey("caption");
    assertThat(heard.answer().context().recalledClips()).isEqualTo(3);
  }

  @Test
  void history_context_isRecalledAndRecentInOrderWithoutRepeats() {
    about = TimedQuestion.About.HISTORY;
    ask(scripted(new Step.Say("No.")), Question.of(ID, "was there a dog"));
    assertThat(prompts.getFirst().context())
        .extracting(item -> item.label().seconds())
        .containsExactly(20, 21, 22, 56, 57, 58, 59);
  }

  @Test
  void every_opensEachAppearanceAndCitesThem() {
    about = TimedQuestion.About.HISTORY;
    order = RecallQuery.Order.EVERY;
    remember(60, "nothing");
    remember(61, "a dog");
    remember(62, "nothing");
    now = new StreamNow(TestClips.START, Pts.ofSeconds(63), false, Optional.empty());
    Heard heard =
        ask(scripted(new Step.Say("Twice.")), Question.of(ID, "how often was a dog here"));
    assertThat(heard.citations)
        .extracting(Citation::span)
        .containsExactly(Span.ofSeconds(20, 21), Span.ofSeconds(61, 62));
    assertThat(prompts.getFirst().context())
        .extracting(item -> item.label().seconds())
        .containsExactly(20, 61);
  }

  @Test
  void repeats_areServedOnceByTheirOriginal_andCitedAtTheirOwnTime() {
    remember(60, "a bus");
    repeat(61, 60);
    repeat(62, 60);
    now = new StreamNow(TestClips.START, Pts.ofSeconds(63), false, Optional.empty());
    about = TimedQuestion.About.MOMENT;
    moment = Optional.of(Pts.ofSeconds(62));
    Heard heard = ask(
        scripted(new Step.Say("A bus, at "), new Step.Name(new ClipLabel(62))),
        Question.of(ID, "what was there at 1:02"));
    assertThat(prompts.getFirst().context())
        .extracting(item -> item.label().seconds())
        .endsWith(60)
        .doesNotContain(61, 62);
    assertThat(heard.answer().text()).isEqualTo("A bus, at 1:02");
    assertThat(heard.citations).hasSize(1);
    assertThat(heard.citations.getFirst().span().contains(Pts.ofSeconds(62))).isTrue();
  }

  private void repeat(int sequence, int original) {
    ClipEntry entry = store
        .entry(new ClipKey(ID, original))
        .orElseThrow()
        .repeatedBy(
            new ClipKey(ID, sequence),
            Span.ofSeconds(sequence, sequence + 1),
            TestClips.START.plusSeconds(sequence));
    store.appendRepeat(entry);
    index.add(entry);
  }

  private void remember(int sequence, String caption) {
    remember(sequence, caption, new float[] {0, 1});
  }

  private void remember(int sequence, String caption, float[] embedding) {
    Memory memory = TestClips.memory(ID, sequence, caption, embedding);
    try (KvBlock block = TestClips.block(sequence, 4)) {
      store.append(memory, block);
    }
    index.add(memory.entry());
  }

  @Test
  void history_deniedAnswer_hasNoCitation() {
    about = TimedQuestion.About.HISTORY;
    Heard heard = ask(ScriptedModel.saying("Never."), Question.of(ID, "when was the dog here"));
    assertThat(heard.citations).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {21, 21.7})
  void moment_isGivenToTheModelAsTheLabelOfItsClip(double seconds) {
    about = TimedQuestion.About.MOMENT;
    moment = Optional.of(Pts.ofSeconds(seconds));
    Heard heard = ask(scripted(new Step.Say("A dog.")), Question.of(ID, "what was there"));
    assertThat(prompts.getFirst().question()).contains(new QuestionPart.Moment(new ClipLabel(21)));
    assertThat(heard.citations).extracting(Citation::span).containsExactly(Span.ofSeconds(21, 22));
  }

  @Test
  void after_whereNothingCameIn_citesTheThingItself() {
    about = TimedQuestion.About.HISTORY;
    neighbour = TimedQuestion.Neighbour.AFTER;
    Heard heard = ask(scripted(new Step.Say("A bus.")), Question.of(ID, "after the dog"));
    assertThat(heard.citations).extracting(Citation::span).containsExactly(Span.ofSeconds(20, 21));
  }

  @Test
  void moment_notWatched_isAdmittedWithoutAskingTheModel() {
    store.appendGap(ID, new Gap(Span.ofSeconds(60, 90), "the source was away"));
    now = new StreamNow(TestClips.START, Pts.ofSeconds(90), true, Optional.empty());
    about = TimedQuestion.About.MOMENT;
    moment = Optional.of(Pts.ofSeconds(80));
    Heard heard = ask(scripted(new Step.Say("A dog.")), Question.of(ID, "what was there"));
    assertThat(heard.answer().text()).isEqualTo("I was not watching at 10:01:20.");
    assertThat(heard.answer().coverage())
        .contains(new Gap(Span.ofSeconds(60, 90), "the source was away"));
    assertThat(prompts).isEmpty();
  }

  @Test
  void stretchOutsideTheStream_isAdmittedWithoutAskingTheModel() {
    about = TimedQuestion.About.HISTORY;
    scope = Optional.of(Span.ofSeconds(0, 0));
    Heard heard = ask(scripted(new Step.Say("A dog.")), Question.of(ID, "what was there"));
    assertThat(heard.answer().text()).isEqualTo("I was not watching at that time.");
    assertThat(prompts).isEmpty();
  }

  @Test
  void asOf_nothingLaterIsUsed() {
    Question question = new Question(
        ID, "what is there", Optional.of(TestClips.START.plusSeconds(10)), Optional.empty());
    ask(scripted(new Step.Say("A bus.")), question);
    assertThat(prompts.getFirst().context())
        .extracting(item -> item.label().seconds())
        .containsExactly(6, 7, 8, 9);
  }

  @Test
  void recentPolicy_prefillsTokensAfresh() {
    ask(scripted(new Step.Say("x")), withPolicy("recent"));
    assertThat(prompts.getFirst().context())
        .hasSize(4)
        .hasOnlyElementsOfType(ContextItem.Fresh.class);
  }

  @Test
  void blindPolicy_givesNoPicture() {
    Heard heard = ask(scripted(new Step.Say("A cat.")), withPolicy("blind"));
    assertThat(prompts.getFirst().context()).isEmpty();
    assertThat(heard.citations).isEmpty();
    assertThat(heard.answer().text()).isEqualTo("A cat.");
  }

  @Test
  void fullPolicy_thatDoesNotFit_isRefusedWithoutAskingTheModel() {
    Heard heard = ask(scripted(new Step.Say("A dog.")), withPolicy("full"));
    assertThat(heard.answer().status()).isEqualTo(Answer.Status.REFUSED);
    assertThat(heard.answer().reason()).hasValueSatisfying(r -> assertThat(r).contains("60 clips"));
    assertThat(prompts).isEmpty();
  }

  @Test
  void moment_watchedButOutsideThePolicysContext_isAskedOfTheModel() {
    about = TimedQuestion.About.MOMENT;
    moment = Optional.of(Pts.ofSeconds(21));
    Heard heard = ask(scripted(new Step.Say("A bus.")), withPolicy("sinks+window"));
    assertThat(heard.answer().text()).isEqualTo("A bus.");
    assertThat(prompts.getFirst().context()).hasSize(8);
  }

  @Test
  void otherPacksClips_areLeftOut() {
    StreamId other = new StreamId("other");
    Memory memory = TestClips.memory(other, 0, "", new float[] {1, 0});
    Memory foreign = new Memory(
        memory.key(),
        memory.span(),
        memory.startTime(),
        "another-pack",
        memory.tokens(),
        memory.embedding(),
        memory.keyMeans(),
        "",
        memory.thumbnail());
    try (KvBlock block = TestClips.block(1, 4)) {
      store.append(foreign, block);
    }
    ask(scripted(new Step.Say("x")), Question.of(other, "what is there"));
    assertThat(prompts.getFirst().context()).isEmpty();
  }

  @Test
  void emptyMemory_isSaidPlainly() {
    Heard heard =
        ask(scripted(new Step.Say("x")), Question.of(new StreamId("new"), "what is there"));
    assertThat(heard.answer().text()).isEqualTo("I have not seen anything of this stream yet.");
  }

  @Test
  void modelFails_doneIsHeardOnceWithTheReason() {
    ScriptedModel model = new ScriptedModel(
        prompt -> {
          throw new IllegalStateException("no memory left");
        },
        tokens -> "");
    Heard heard = ask(model, Question.of(ID, "what is there"));
    assertThat(heard.answer().status()).isEqualTo(Answer.Status.FAILED);
    assertThat(heard.answer().reason())
        .hasValueSatisfying(reason -> assertThat(reason).contains("no memory left"));
  }

  @Test
  void unknownStreamAndPolicy_areRefused() {
    try (QuestionAnswerer answerer = answerer(ScriptedModel.saying("x"), 1, 1)) {
      assertThatThrownBy(() -> answerer.ask(Question.of(new StreamId("nobody"), "q"), new Heard()))
          .isInstanceOf(Refused.class)
          .hasMessageContaining("nobody");
      assertThatThrownBy(() -> answerer.ask(withPolicy("magic"), new Heard()))
          .isInstanceOf(Refused.class)
          .hasMessageContaining("blind");
    }
  }

  @Test
  void overCapacity_isRefusedAndCancelledOnesEnd() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CompletableFuture<Void> release = new CompletableFuture<>();
    ScriptedModel slow = new ScriptedModel(
        prompt -> {
          started.countDown();
          release.join();
          return List.of(new Step.Say("late"));
        },
        tokens -> "");
    try (QuestionAnswerer answerer = answerer(slow, 1, 1)) {
      Heard first = new Heard();
      Heard second = new Heard();
      String firstId = answerer.ask(Question.of(ID, "one"), first);
      assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
      answerer.ask(Question.of(ID, "two"), second);
      assertThatThrownBy(() -> answerer.ask(Question.of(ID, "three"), new Heard()))
          .isInstanceOfSatisfying(
              Refused.class, e -> assertThat(e.kind()).isEqualTo(Refused.Kind.OVERLOADED));
      assertThat(answerer.inFlight()).isEqualTo(2);
      assertThat(answerer.cancel(firstId)).isTrue();
      release.complete(null);
      assertThat(first.answer().status()).isEqualTo(Answer.Status.CANCELLED);
      assertThat(second.answer().status()).isEqualTo(Answer.Status.COMPLETED);
      assertThat(answerer.cancel(firstId)).isFalse();
    }
  }

  private static Question withPolicy(String policy) {
    return new Question(ID, "what is there", Optional.empty(), Optional.of(policy));
  }

  private ScriptedModel scripted(Step... steps) {
    return new ScriptedModel(
        prompt -> {
          prompts.add(prompt);
          return List.of(steps);
        },
        tokens -> "");
  }

  private Heard ask(ScriptedModel model, Question question) {
    try (QuestionAnswerer answerer = answerer(model, 1, 4)) {
      Heard heard = new Heard();
      answerer.ask(question, heard);
      heard.answer();
      return heard;
    } catch (Refused e) {
      throw new AssertionError(e);
    }
  }

  private QuestionAnswerer answerer(ScriptedModel model, int concurrent, int waiting) {
    InstantSource clock = InstantSource.fixed(TestClips.START.plusSeconds(CLIPS));
    return new QuestionAnswerer(
        new QuestionAnswerer.Sources(
            store,
            index,
            model,
            text -> text.contains("dog") ? new float[] {1, 0} : new float[0],
            (question, asOf, start, live, zone) -> timed(question),
            id -> id.value().equals("nobody") ? Optional.empty() : Optional.of(now),
            List.of(
                new OnlookerPolicy(),
                new RecentPolicy(),
                new SinksWindowPolicy(),
                new FullPolicy(),
                new BlindPolicy()),
            new ModelSlots(2, clock)),
        new QuestionAnswerer.Limits(concurrent, waiting, Duration.ofSeconds(30)),
        clock,
        ZoneOffset.UTC);
  }

  private TimedQuestion timed(String question) {
    List<TimedQuestion.Part> parts = new ArrayList<>();
    parts.add(new TimedQuestion.Part.Words(question));
    moment.ifPresent(at -> parts.add(new TimedQuestion.Part.At(at)));
    return new TimedQuestion(
        parts, scope, order, about, neighbour, false, TimedQuestion.Change.NONE);
  }
}
