package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Commentary;
import org.onlooker.core.CommentaryListener;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.KeepAll;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.Pace;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.Remark;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;
import org.onlooker.core.Span;
import org.onlooker.core.Stages;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Streams;
import org.onlooker.core.Tiers;
import org.onlooker.core.VisualTokens;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.Await;
import org.onlooker.testing.ScriptedEncoder;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedSegments;
import org.onlooker.testing.ScriptedSource;
import org.onlooker.testing.ScriptedSource.Then;
import org.onlooker.testing.TestClips;

/** A model that speaks freely comments on streams whose picture is red or blue. */
class CommentaryTest {
  private static final StreamId DOOR = new StreamId("door");
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int RED = 0xff0000;
  private static final int BLUE = 0x0000ff;

  private final HeapMemoryStore store = new HeapMemoryStore(1_000);
  private final Queue<FrameSource> connections = new ConcurrentLinkedQueue<>();
  private final List<String> captions = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> parts = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : parts.reversed()) {
      part.close();
    }
    store.close();
  }

  @Test
  void change_isSaidWhenItComes_withTheStyleAndWhatWasSaidBefore() throws Exception {
    Streams streams = watching(this::colour, film(red(0, 6), blue(6, 12)));
    awaitEnd(streams);
    Await.until("two remarks", SOON, () -> remarks().size() == 2);
    assertThat(remarks()).extracting(Remark::text).containsExactly("It is red.", "It is blue.");
    assertThat(remarks())
        .extracting(remark -> remark.span().start().seconds())
        .containsExactly(0.0, 6.0);
    assertThat(asked.getFirst())
        .isEqualTo("Speak like a pirate. In one short sentence, say what is new.");
    assertThat(asked.getLast()).contains("You said: \"It is red.\"");
  }

  @Test
  void listener_hearsTheWordsThenTheRemark() throws Exception {
    Streams streams = watching(this::colour, film(red(0, 3)));
    awaitEnd(streams);
    Await.until("the remark", SOON, () -> heard.contains("done It is red."));
    assertThat(heard).containsExactly("It ", "is ", "red.", "done It is red.");
  }

  @Test
  void changeSoonAfterARemark_isSaidLater() throws Exception {
    Streams streams = watching(this::colour, film(red(0, 2), blue(2, 12)));
    awaitEnd(streams);
    Await.until("two remarks", SOON, () -> remarks().size() == 2);
    assertThat(remarks().getLast().text()).isEqualTo("It is blue.");
    assertThat(remarks().getLast().span().start().seconds()).isBetween(4.0, 6.0);
  }

  @Test
  void sentenceThatWasSaid_isNotSaidAgain() throws Exception {
    Streams streams = watching(_ -> "It is red.", film(red(0, 6), blue(6, 12)));
    awaitEnd(streams);
    Await.until("the change is looked at", SOON, () -> asked.size() == 2);
    streams.close();
    assertThat(remarks()).extracting(Remark::text).containsExactly("It is red.");
    assertThat(heard).containsOnlyOnce("done It is red.");
  }

  @Test
  void nothingNewForLong_isSummedUp_laterAfterTwiceTheTime() throws Exception {
    Streams streams = watching(this::colour, film(red(0, 620)));
    awaitEnd(streams);
    Await.until("two summaries", SOON, () -> remarks().size() == 3);
    assertThat(remarks().subList(1, 3))
        .extracting(Remark::text)
        .containsExactly(
            "Nothing new for 5 minutes. It is red.", "Nothing new for 10 minutes. It is red.");
    assertThat(remarks().subList(1, 3)).extracting(Remark::kind).containsOnly(Remark.Kind.SUMMARY);
  }

  @Test
  void nothingNewForHours_isSummedUpEveryTwoHours() throws Exception {
    Streams streams = watching(this::colour, film(red(0, 17_000)));
    awaitEnd(streams);
    Await.until("the last summary", SOON, () -> remarks().size() >= 8);
    streams.close();
    assertThat(remarks().subList(1, remarks().size()))
        .extracting(remark -> remark.text().replaceAll("\\D+", " ").strip())
        .containsExactly("5", "10", "20", "40", "80", "160", "280");
  }

  @Test
  void removedStream_isNotSpokenOfAnyMore() throws Exception {
    Streams streams = watching(this::colour, new ScriptedSource(true, red(0, 3), Then.HANG));
    Await.until("the remark", SOON, () -> remarks().size() == 1);
    streams.remove(DOOR, true);
    assertThat(remarks()).isEmpty();
  }

  @Test
  void modelThatIsStuck_doesNotStopTheWatching_clipsAreLeftOutAndCounted() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    Function<Prompt, String> waiting = prompt -> {
      try {
        stuck.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return colour(prompt);
    };
    List<Frame> frames = IntStream.range(0, 30)
        .mapToObj(second -> second % 2 == 0 ? red(second, second + 1) : blue(second, second + 1))
        .flatMap(List::stream)
        .toList();
    Streams streams = watching(
        waiting, new Patient(new ScriptedSource(true, frames, Then.HANG), this::isRemembered));
    Await.until("all is stored", SOON, () -> seconds() == 30);
    Await.until("they are left out", SOON, () -> unheard(streams) >= 21);
    assertThat(unheard(streams)).isEqualTo(21);
    stuck.countDown();
    Await.until("it goes on", SOON, () -> !remarks().isEmpty());
  }

  @Test
  void cameraIsLookedAtBetweenClips_whatComesIsToldHalfAClipSooner() throws Exception {
    List<Frame> frames =
        Stream.of(blue(0, 4), red(4, 6)).flatMap(List::stream).limit(11).toList();
    watching(listing(), new Patient(new ScriptedSource(true, frames, Then.HANG), this::isLookedAt));
    Await.until("the remark", SOON, () -> !remarks().isEmpty());
    Remark remark = remarks().getFirst();
    assertThat(remark.text()).isEqualTo("A dog comes into view.");
    assertThat(remark.span()).isEqualTo(Span.ofSeconds(3.5, 4.5));
    assertThat(remark.clip().sequence()).as("the newest that is stored").isEqualTo(4);
  }

  @Test
  void recordingIsNotLookedAtBetweenClips() throws Exception {
    Streams streams = watching(listing(), film(blue(0, 4), red(4, 8)));
    awaitEnd(streams);
    Await.until("the remark", SOON, () -> !remarks().isEmpty());
    assertThat(remarks().getFirst().span()).isEqualTo(Span.ofSeconds(4, 5));
    assertThat(captions).hasSize(8);
  }

  /** A model whose captions list a dog where the newest picture is red. */
  private ScriptedModel listing() {
    return new ScriptedModel(prompt -> List.of(), tokens -> {
          captions.add(tokens.values()[ScriptedEncoder.WIDTH] > 0.5f ? "A dog." : "");
          return captions.getLast();
        })
        .withProof(3);
  }

  private static long unheard(Streams streams) {
    return streams.status(DOOR).orElseThrow().counters().clipsUnheard();
  }

  private long seconds() {
    return store.nextSequence(DOOR);
  }

  /** Whether the clips before the next one are remembered, of a camera that gave so many frames. */
  private boolean isRemembered(int frames) {
    return seconds() >= frames / 2 - 1;
  }

  /** Whether all that a camera gave was looked at: clips, and what is between two. */
  private boolean isLookedAt(int frames) {
    return captions.size() >= frames / 2 + Math.max(0, frames - 1) / 2;
  }

  /** A camera that waits before each frame until it may go on, by how many it gave. */
  private static final class Patient implements FrameSource {
    private final FrameSource camera;
    private final IntPredicate mayGoOn;
    private int given;

    Patient(FrameSource camera, IntPredicate mayGoOn) {
      this.camera = camera;
      this.mayGoOn = mayGoOn;
    }

    @Override
    public SourceInfo open() throws SourceException {
      return camera.open();
    }

    @Override
    public Optional<Frame> next() throws SourceException {
      Await.until("what was given", SOON, () -> mayGoOn.test(given));
      given++;
      return camera.next();
    }

    @Override
    public void close() {
      camera.close();
    }
  }

  private Streams watching(Function<Prompt, String> sentence, FrameSource source) throws Exception {
    ScriptedModel model = new ScriptedModel(
        prompt -> {
          asked.add(((QuestionPart.Text) prompt.question().getFirst()).text());
          return List.of(sentence.apply(prompt).split("(?<= )")).stream()
              .<ScriptedModel.Step>map(ScriptedModel.Step.Say::new)
              .toList();
        },
        this::caption);
    return watching(model, source);
  }

  private Streams watching(ScriptedModel model, FrameSource source) throws Exception {
    connections.add(source);
    ModelSlots slots = new ModelSlots(2, InstantSource.system());
    Commentary commentary = new Commentary(
        model,
        new ScriptedEncoder(),
        new KeepAll(),
        text -> new float[0],
        store,
        slots,
        InstantSource.system());
    commentary.listen(new Ear());
    parts.add(commentary);
    Streams streams = new Streams(
        this::connect,
        new ScriptedSegments(),
        new Stages(
            new ScriptedEncoder(),
            new KeepAll(),
            model,
            store,
            new ExactMemoryIndex(TestClips.FINGERPRINT),
            Tiers.ofBlocks(Duration.ofHours(1)),
            slots,
            Optional.of(commentary)),
        InstantSource.system(),
        new Random(1));
    parts.add(streams);
    streams.add(
        new StreamSpec(DOOR, "film.mp4", 2, Optional.of("Speak like a pirate."), Pace.FAST, false));
    return streams;
  }

  private final class Ear implements CommentaryListener {
    @Override
    public void delta(ClipKey clip, String text) {
      heard.add(text);
    }

    @Override
    public void done(Remark remark) {
      heard.add("done " + remark.text());
    }
  }

  private FrameSource connect(StreamSpec spec) {
    return new NextConnection(connections);
  }

  private List<Remark> remarks() {
    return store.remarks(DOOR, Span.ALL, 100);
  }

  private static void awaitEnd(Streams streams) {
    Await.until("the end", SOON, () -> streams.isWatchedToItsEnd(DOOR));
  }

  /** What the newest clip of the prompt shows. */
  private String colour(Prompt prompt) {
    return captions.get(prompt.context().getLast().label().seconds());
  }

  /** Clips are captioned in their order, one for each second. */
  private String caption(VisualTokens tokens) {
    captions.add(tokens.values()[0] > 0.5f ? "It is red." : "It is blue.");
    return captions.getLast();
  }

  @SafeVarargs
  private static ScriptedSource film(List<Frame>... stretches) {
    return new ScriptedSource(false, Stream.of(stretches).flatMap(List::stream).toList(), Then.END);
  }

  private static List<Frame> red(int from, int to) {
    return frames(from, to, RED);
  }

  private static List<Frame> blue(int from, int to) {
    return frames(from, to, BLUE);
  }

  private static List<Frame> frames(int fromSeconds, int toSeconds, int colour) {
    return IntStream.range(fromSeconds * 2, toSeconds * 2)
        .mapToObj(i -> TestClips.frame(i / 2.0, colour))
        .toList();
  }
}
