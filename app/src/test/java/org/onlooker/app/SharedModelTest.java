package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.testing.TestClips.frame;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Answer;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.KeepAll;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.Pts;
import org.onlooker.core.Question;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.RecentPolicy;
import org.onlooker.core.Span;
import org.onlooker.core.Stages;
import org.onlooker.core.StreamCounters;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamNow;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Streams;
import org.onlooker.core.Tiers;
import org.onlooker.core.VisualEncoder;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.Await;
import org.onlooker.testing.ScriptedEncoder;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedSegments;
import org.onlooker.testing.ScriptedSource;
import org.onlooker.testing.ScriptedSource.Then;
import org.onlooker.testing.TestClips;

/** Two streams, one slot of the model; a red stream has trouble in its tower. */
class SharedModelTest {
  private static final StreamId RED = new StreamId("red");
  private static final StreamId BLUE = new StreamId("blue");
  private static final int RED_RGB = 0xff0000;
  private static final int BLUE_RGB = 0x204060;
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryStore store = new HeapMemoryStore(1_000);
  private final ArrayDeque<FrameSource> connections = new ArrayDeque<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(TestClips.START);
  private final InstantSource clock = now::get;
  private final ModelSlots slots = new ModelSlots(1, clock);
  private final ScriptedModel model = ScriptedModel.saying("yes");
  private final MemoryIndex index = new ExactMemoryIndex(TestClips.FINGERPRINT);
  private Runnable trouble = () -> {};
  private final Streams streams = new Streams(
      spec -> new NextConnection(connections),
      new ScriptedSegments(),
      new Stages(
          new Tower(),
          new KeepAll(),
          model,
          store,
          index,
          Tiers.ofBlocks(Duration.ofHours(1)),
          slots,
          Optional.empty()),
      clock,
      new Random(1));

  @AfterEach
  void close() {
    streams.close();
    store.close();
  }

  @Test
  void streamWhoseClipsFail_touchesNoOther() throws Exception {
    trouble = () -> {
      throw new IllegalStateException("broken tower");
    };
    add(RED, new ScriptedSource(true, frames(3, RED_RGB), Then.HANG));
    Await.until("three failed clips", SOON, () -> counters(RED).clipsFailed() == 3);
    add(BLUE, new ScriptedSource(false, frames(5, BLUE_RGB), Then.END));
    Await.until("the end", SOON, () -> streams.isWatchedToItsEnd(BLUE));
    assertThat(store.entries(BLUE, Span.ALL)).hasSize(5);
    assertThat(counters(BLUE).clipsFailed()).isZero();
    assertThat(streams.status(RED).orElseThrow().reason()).isPresent();
    assertThat(streams.status(BLUE).orElseThrow().reason()).isEmpty();
  }

  @Test
  void remove_whileItsClipWaitsForTheModel_endsAndOthersGoOn() throws Exception {
    CountDownLatch modelIsFree = new CountDownLatch(1);
    redTakesTheModelUntil(modelIsFree);
    blueStandsInLine();
    streams.remove(BLUE, true);
    assertThat(threads("watch-blue")).isEmpty();
    modelIsFree.countDown();
    Await.until("three clips", SOON, () -> store.entries(RED, Span.ALL).size() == 3);
    assertThat(store.entries(BLUE, Span.ALL)).isEmpty();
  }

  @Test
  void answerCancelledWhileItWaitsForTheModel_endsWithoutIt() throws Exception {
    CountDownLatch modelIsFree = new CountDownLatch(1);
    redTakesTheModelUntil(modelIsFree);
    blueStandsInLine();
    now.set(TestClips.START.plusSeconds(3)); // late, so that answers give way
    try (QuestionAnswerer answerer =
        new QuestionAnswerer(sources(), QuestionAnswerer.Limits.DEFAULT, clock, ZoneOffset.UTC)) {
      Heard heard = new Heard();
      String id = answerer.ask(Question.of(BLUE, "what is there"), heard);
      Await.until("an answer in line", SOON, () -> threads("answer-0").anyMatch(this::isInLine));
      assertThat(answerer.cancel(id)).isTrue();
      Answer answer = heard.answer();
      assertThat(answer.status()).isEqualTo(Answer.Status.CANCELLED);
      assertThat(answer.text()).isEmpty();
      assertThat(answerer.inFlight()).isZero();
    } finally {
      modelIsFree.countDown();
    }
    Await.until("blue's clips", SOON, () -> store.entries(BLUE, Span.ALL).size() == 3);
  }

  private QuestionAnswerer.Sources sources() {
    return new QuestionAnswerer.Sources(
        store,
        index,
        model,
        text -> new float[0],
        (question, asOf, start, live, zone) -> TieredAnswerTest.now(question),
        id -> Optional.of(new StreamNow(TestClips.START, Pts.ofSeconds(3), true, Optional.empty())),
        List.of(new RecentPolicy()),
        slots);
  }

  private void redTakesTheModelUntil(CountDownLatch modelIsFree) throws Exception {
    CountDownLatch modelIsTaken = new CountDownLatch(1);
    trouble = () -> {
      modelIsTaken.countDown();
      await(modelIsFree);
    };
    add(RED, new ScriptedSource(true, frames(3, RED_RGB), Then.HANG));
    await(modelIsTaken);
  }

  private void blueStandsInLine() throws Exception {
    add(BLUE, new ScriptedSource(true, frames(3, BLUE_RGB), Then.HANG));
    Await.until("a clip in line", SOON, () -> threads("watch-blue").anyMatch(this::isInLine));
  }

  /** Streams and answers stand in {@link ModelSlots} for nothing else. */
  private boolean isInLine(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith(ModelSlots.class.getName()));
  }

  private static Stream<Thread> threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(StreamId id, FrameSource source) throws Exception {
    connections.add(source);
    streams.add(StreamSpec.of(id.value(), "rtsp://cam/" + id));
  }

  private StreamCounters.Reading counters(StreamId id) {
    return streams.status(id).orElseThrow().counters();
  }

  private static List<Frame> frames(int seconds, int rgb) {
    return IntStream.range(0, seconds * 2).mapToObj(i -> frame(i / 2.0, rgb)).toList();
  }

  /** The scripted tower, with trouble before red pictures. */
  private final class Tower implements VisualEncoder {
    private final ScriptedEncoder scripted = new ScriptedEncoder();

    @Override
    public PictureSpec pictures() {
      return scripted.pictures();
    }

    @Override
    public EncodedFrames encode(List<Picture> pictures) {
      if (pictures.getFirst().rgb()[0] == (byte) (RED_RGB >> 16)) {
        trouble.run();
      }
      return scripted.encode(pictures);
    }

    @Override
    public void close() {}
  }
}
