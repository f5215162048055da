package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Answer;
import org.onlooker.core.Citation;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ConversationId;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.KvBlock;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.OnlookerPolicy;
import org.onlooker.core.Prompt;
import org.onlooker.core.Pts;
import org.onlooker.core.Question;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Refused;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamNow;
import org.onlooker.core.TimedQuestion;
import org.onlooker.core.TimedQuestion.Part;
import org.onlooker.core.Turn;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedModel.Step;
import org.onlooker.testing.TestClips;

/** What questions of one conversation know of each other. */
class ConversationTest {
  private static final StreamId CAM = new StreamId("cam");
  private static final ConversationId TEA = new ConversationId("tea");
  private static final int CLIPS = 10;
  private static final InstantSource CLOCK =
      InstantSource.fixed(TestClips.START.plusSeconds(CLIPS));

  private final HeapMemoryStore store = new HeapMemoryStore(100);
  private final ConversationStore conversations = store.conversations();
  private final ExactMemoryIndex index = new ExactMemoryIndex(TestClips.FINGERPRINT);
  private final List<Prompt> prompts = Collections.synchronizedList(new ArrayList<>());
  private StreamNow now =
      new StreamNow(TestClips.START, Pts.ofSeconds(CLIPS), true, Optional.empty());
  private Optional<Pts> moment = Optional.empty();
  private boolean refersBack;
  private final List<String> recalled = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void remember() {
    for (int i = 0; i < CLIPS; i++) {
      try (KvBlock block = TestClips.block(i, 4)) {
        store.append(TestClips.memory(CAM, i, "", new float[] {1, 0}), block);
      }
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void firstQuestion_isToldNothingAndBecomesATurn() {
    moment = Optional.of(Pts.ofSeconds(4.7));

    Answer answer = ask(scripted(steps()), question("what was there"));

    assertThat(prompts.getFirst().dialogue()).isEmpty();
    assertThat(answer.conversation()).contains(TEA);
    assertThat(answer.text()).isEqualTo("A dog at 10:00:08.");
    assertThat(conversations.turns(TEA))
        .containsExactly(new Turn(
            answer.id(),
            new Turn.Said(
                "what was there",
                List.of(new Part.Words("what was there"), new Part.At(Pts.ofSeconds(4.7)))),
            new Turn.Said(
                "A dog at 10:00:08.",
                List.of(
                    new Part.Words("A dog at "),
                    new Part.At(Pts.ofSeconds(8)),
                    new Part.Words("."))),
            answer.askedAt(),
            Pts.ofSeconds(CLIPS),
            List.of(Span.ofSeconds(8, 9))));
  }

  @Test
  void followUp_isToldEarlierTurnsWithTheirMomentsAsLabels() {
    moment = Optional.of(Pts.ofSeconds(4.7));
    ask(scripted(steps()), question("what was there"));
    moment = Optional.empty();

    ask(scripted(List.of(new Step.Say("A bus."))), question("and next to it"));
    ask(scripted(List.of(new Step.Say("No."))), question("is it there now"));

    assertThat(prompts.get(1).question()).containsExactly(new QuestionPart.Text("and next to it"));
    assertThat(prompts.get(1).dialogue())
        .containsExactly(new Prompt.Exchange(
            List.of(
                new QuestionPart.Text("what was there"), new QuestionPart.Moment(new ClipLabel(4))),
            List.of(
                new QuestionPart.Text("A dog at "),
                new QuestionPart.Moment(new ClipLabel(8)),
                new QuestionPart.Text("."))));
    assertThat(prompts.get(2).dialogue())
        .extracting(Prompt.Exchange::answer)
        .last()
        .isEqualTo(List.of(new QuestionPart.Text("A bus.")));
    assertThat(conversations.find(TEA).orElseThrow().turnCount()).isEqualTo(3);
  }

  @Test
  void questionThatRefersBack_isRecalledByBothTurnsAndSeesTheMomentsAgain() {
    rememberMore(60);
    moment = Optional.of(Pts.ofSeconds(4.7));
    ask(scripted(steps()), question("what was there"));
    moment = Optional.empty();
    refersBack = true;

    Answer answer =
        ask(scripted(List.of(new Step.Say("A bus."))), question("and what was beside it"));

    assertThat(recalled).containsExactly("what was there A dog at . and what was beside it");
    assertThat(prompts.get(1).context())
        .extracting(item -> item.label().seconds())
        .containsExactly(8, 56, 57, 58, 59);
    assertThat(answer.citations()).extracting(Citation::span).containsExactly(Span.ofSeconds(8, 9));
  }

  @Test
  void modelThatWasTaughtNoDialogue_isToldNoneAndSeesTheMomentsAgain() {
    ask(scripted(steps()), question("what was there"));
    refersBack = true;

    ask(scripted(steps()).withoutDialogue(), question("and what was beside it"));

    assertThat(prompts.get(1).dialogue()).isEmpty();
    assertThat(recalled).containsExactly("what was there A dog at . and what was beside it");
  }

  @Test
  void questionThatRefersBack_butToNoTurn_isAboutNow() {
    refersBack = true;

    ask(scripted(steps()), question("what is beside it"));
    ask(scripted(steps()), Question.of(CAM, "what is beside it"));

    assertThat(recalled).isEmpty();
    assertThat(prompts).allSatisfy(prompt -> assertThat(prompt.context()).hasSize(4));
  }

  @Test
  void questionThatRefersBack_asOfEarlier_refersToNoTurnThatKnewMore() {
    ask(scripted(steps()), question("what was there"));
    refersBack = true;
    Optional<Instant> earlier = Optional.of(TestClips.START.plusSeconds(5));

    ask(
        scripted(List.of(new Step.Say("A cat."))),
        new Question(CAM, "what was beside it", earlier, Optional.empty()).in(TEA));

    assertThat(recalled).isEmpty();
  }

  private void rememberMore(int clips) {
    for (int i = CLIPS; i < clips; i++) {
      try (KvBlock block = TestClips.block(i, 4)) {
        store.append(TestClips.memory(CAM, i, "", new float[] {1, 0}), block);
      }
    }
    now = new StreamNow(TestClips.START, Pts.ofSeconds(clips), true, Optional.empty());
  }

  @Test
  void question_ofNoConversation_isToldNothing() {
    ask(scripted(steps()), question("what was there"));

    Answer answer = ask(scripted(steps()), Question.of(CAM, "and next to it"));

    assertThat(answer.conversation()).isEmpty();
    assertThat(prompts.get(1).dialogue()).isEmpty();
    assertThat(conversations.turns(TEA)).hasSize(1);
  }

  @Test
  void question_asOfEarlier_isNotToldWhatWasSeenLater() {
    ask(scripted(steps()), question("what was there"));
    Optional<Instant> earlier = Optional.of(TestClips.START.plusSeconds(5));

    ask(
        scripted(List.of(new Step.Say("A cat."))),
        new Question(CAM, "and then", earlier, Optional.empty()).in(TEA));
    ask(scripted(steps()), question("and now"));

    assertThat(prompts.get(1).dialogue()).isEmpty();
    assertThat(prompts.get(2).dialogue()).hasSize(2);
  }

  @Test
  void failedAndCancelledAnswers_areNoTurns() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ScriptedModel slow = new ScriptedModel(
        prompt -> {
          started.countDown();
          await(release);
          return steps();
        },
        tokens -> "");
    try (QuestionAnswerer answerer = answerer(slow)) {
      Heard heard = new Heard();
      String id = answerer.ask(question("what was there"), heard);
      started.await();
      answerer.cancel(id);
      release.countDown();
      assertThat(heard.answer().status()).isEqualTo(Answer.Status.CANCELLED);
    }
    Answer failed = ask(
        new ScriptedModel(
            prompt -> {
              throw new IllegalStateException("no memory left");
            },
            tokens -> ""),
        question("what was there"));

    assertThat(failed.status()).isEqualTo(Answer.Status.FAILED);
    assertThat(conversations.turns(TEA)).isEmpty();
  }

  @Test
  void twoAtOnce_areAnsweredIndependentlyAndBothKept() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    ScriptedModel model = new ScriptedModel(
        prompt -> {
          prompts.add(prompt);
          both.countDown();
          await(both);
          return steps();
        },
        tokens -> "");
    try (QuestionAnswerer answerer = answerer(model)) {
      Heard one = new Heard();
      Heard other = new Heard();
      answerer.ask(question("one"), one);
      answerer.ask(question("other"), other);

      assertThat(List.of(one.answer(), other.answer()))
          .allMatch(answer -> answer.status() == Answer.Status.COMPLETED);
    }
    assertThat(prompts).allMatch(prompt -> prompt.dialogue().isEmpty());
    assertThat(conversations.turns(TEA))
        .extracting(turn -> turn.question().text())
        .containsExactlyInAnyOrder("one", "other");
  }

  @Test
  void conversationRemovedWhileAnswering_staysRemoved() {
    ScriptedModel model = new ScriptedModel(
        prompt -> {
          conversations.remove(TEA);
          return steps();
        },
        tokens -> "");

    Answer answer = ask(model, question("what was there"));

    assertThat(answer.status()).isEqualTo(Answer.Status.COMPLETED);
    assertThat(conversations.find(TEA)).isEmpty();
  }

  @Test
  void conversationAboutAnotherStream_isRefused() {
    conversations.open(TEA, new StreamId("yard"), TestClips.START);
    try (QuestionAnswerer answerer = answerer(scripted(steps()))) {
      assertThatThrownBy(() -> answerer.ask(question("what"), new Heard()))
          .isInstanceOfSatisfying(
              Refused.class, e -> assertThat(e.kind()).isEqualTo(Refused.Kind.ALREADY_EXISTS))
          .hasMessageContaining("about stream \"yard\"");
    }
  }

  private static List<Step> steps() {
    return List.of(
        new Step.Say("A dog "),
        new Step.Say("at "),
        new Step.Name(new ClipLabel(8)),
        new Step.Say("."));
  }

  private static Question question(String text) {
    return Question.of(CAM, text).in(TEA);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ScriptedModel scripted(List<Step> steps) {
    return new ScriptedModel(
        prompt -> {
          prompts.add(prompt);
          return steps;
        },
        tokens -> "");
  }

  private Answer ask(ScriptedModel model, Question question) {
    try (QuestionAnswerer answerer = answerer(model)) {
      Heard heard = new Heard();
      answerer.ask(question, heard);
      return heard.answer();
    } catch (Refused e) {
      throw new AssertionError(e);
    }
  }

  private QuestionAnswerer answerer(ScriptedModel model) {
    return new QuestionAnswerer(
        new QuestionAnswerer.Sources(
            store,
            index,
            model,
            text -> {
              recalled.add(text);
              return new float[0];
            },
            (question, asOf, start, live, zone) -> timed(question),
            id -> Optional.of(now),
            List.of(new OnlookerPolicy()),
            new ModelSlots(2, CLOCK)),
        new QuestionAnswerer.Limits(2, 4, Duration.ofSeconds(30)),
        CLOCK,
        ZoneOffset.UTC);
  }

  private TimedQuestion timed(String question) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Words(question));
    moment.ifPresent(at -> parts.add(new Part.At(at)));
    return new TimedQuestion(
        parts,
        Optional.empty(),
        RecallQuery.Order.RELEVANCE,
        TimedQuestion.About.NOW,
        TimedQuestion.Neighbour.NONE,
        refersBack,
        TimedQuestion.Change.NONE);
  }
}
