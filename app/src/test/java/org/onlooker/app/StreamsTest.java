package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.onlooker.testing.TestClips.frame;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Gap;
import org.onlooker.core.KeepAll;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.ModelSlots;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Refused;
import org.onlooker.core.Segment;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.Span;
import org.onlooker.core.Stages;
import org.onlooker.core.StreamChange;
import org.onlooker.core.StreamCounters;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamState;
import org.onlooker.core.Streams;
import org.onlooker.core.Tiers;
import org.onlooker.core.TokenReducer;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.Await;
import org.onlooker.testing.ScriptedEncoder;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.ScriptedSegments;
import org.onlooker.testing.ScriptedSource;
import org.onlooker.testing.ScriptedSource.Then;
import org.onlooker.testing.TestClips;
import org.onlooker.vision.UnchangedPictures;

class StreamsTest {
  private static final StreamId ID = new StreamId("cam");
  private static final StreamSpec FILM = StreamSpec.of("cam", "film.mp4");
  private static final StreamSpec CAMERA = StreamSpec.of("cam", "rtsp://cam/1");
  private static final InstantSource CLOCK = InstantSource.fixed(TestClips.START);
  private static final Duration SOON = Duration.ofSeconds(10);
  private final MemoryStore store = new HeapMemoryStore(1_000);
  private final ScriptedSegments segments = new ScriptedSegments();
  private final ArrayDeque<FrameSource> connections = new ArrayDeque<>();
  private ExactMemoryIndex index = new ExactMemoryIndex(TestClips.FINGERPRINT);
  private TokenReducer reducer = new KeepAll();
  private Streams streams = newStreams();

  @AfterEach
  void close() {
    streams.close();
    store.close();
  }

  @Test
  void recording_readToItsEnd_everyClipIsStoredAndIndexed() throws Exception {
    connections.add(new ScriptedSource(false, frames(0, 5), Then.END));
    streams.add(FILM);
    awaitEnd();
    assertThat(store.entries(ID, Span.ALL))
        .extracting(entry -> entry.span().start().seconds())
        .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0);
    assertThat(streams.status(ID).orElseThrow().counters().framesDropped()).isZero();
    assertThat(recalled()).hasSize(5);
    assertThat(store.gaps(ID, Span.ALL)).isEmpty();
  }

  @Test
  void unchangedClips_repeatTheSecond_untilTheRefresh() throws Exception {
    reducer = new UnchangedPictures(12);
    streams = newStreams();
    connections.add(new ScriptedSource(false, frames(0, 40), Then.END));
    streams.add(FILM);
    awaitEnd();
    List<ClipEntry> entries = store.entries(ID, Span.ALL);
    assertThat(entries).hasSize(40);
    assertThat(entries.subList(1, 30)).allMatch(entry -> entry.original().sequence() == 1);
    assertThat(entries.get(30).isRepeat()).isFalse();
    assertThat(entries.subList(31, 40)).allMatch(entry -> entry.original().sequence() == 31);
    assertThat(store.block(new ClipKey(ID, 31)).stream().peek(KvBlock::close)).hasSize(1);
    assertThat(store.block(new ClipKey(ID, 32))).isEmpty();
    StreamCounters.Reading counters = streams.status(ID).orElseThrow().counters();
    assertThat(counters.clipsStored()).isEqualTo(40);
    assertThat(counters.clipsRepeated()).isEqualTo(36);
    assertThat(counters.tokensKept() * 10).isEqualTo(counters.tokensSeen());
    assertThat(recalled()).hasSize(40);
  }

  @Test
  void unchangedClips_behindAGap_areKeptAnew() throws Exception {
    reducer = new UnchangedPictures(12);
    streams = newStreams();
    connections.add(new ScriptedSource(true, frames(0, 3), Then.BREAK));
    connections.add(new ScriptedSource(true, frames(12, 15), Then.HANG));
    streams.add(CAMERA);
    Await.until("six clips", SOON, () -> store.entries(ID, Span.ALL).size() == 6);
    assertThat(store.entries(ID, Span.ALL))
        .extracting((ClipEntry entry) -> entry.original().sequence())
        .containsExactly(0L, 1L, 1L, 3L, 4L, 4L);
  }

  @Test
  void recording_breaksInTheMiddle_endsWithItsReason() throws Exception {
    connections.add(new ScriptedSource(false, frames(0, 2), Then.BREAK));
    streams.add(FILM);
    Await.until("ended", SOON, () -> streams.isWatchedToItsEnd(ID));
    assertThat(streams.status(ID).orElseThrow().reason()).hasValue("scripted source broke");
    assertThat(store.entries(ID, Span.ALL)).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "BREAK, scripted source broke",
    "FAIL, rtsp://cam/1 could not be read: java.lang.IllegalStateException: a fault of a test"
  })
  void live_sourceBreaks_isReopenedAndTheGapAdmitted(Then how, String reason) throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 2), how));
    connections.add(new ScriptedSource(true, frames(12, 14), Then.HANG));
    streams.add(CAMERA);
    Await.until("four clips", SOON, () -> store.entries(ID, Span.ALL).size() == 4);
    assertThat(store.gaps(ID, Span.ALL)).containsExactly(new Gap(Span.ofSeconds(2, 12), reason));
    assertThat(streams.status(ID).orElseThrow().state()).isEqualTo(StreamState.RUNNING);
    assertThat(streams.status(ID).orElseThrow().counters().reconnects()).isEqualTo(1);
  }

  @Test
  void live_sourceAway_stateReasonAndSinceAreVisible() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 1), Then.END));
    streams.add(CAMERA);
    Await.until("restarting", SOON, () -> state() == StreamState.RESTARTING);
    assertThat(streams.status(ID).orElseThrow().errorCode()).isPresent();
    assertThat(streams.status(ID).orElseThrow().reason()).isPresent();
    assertThat(streams.now(ID).orElseThrow().trouble()).isPresent();
  }

  @Test
  void restart_liveStream_isResumedBehindWhatIsStored() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 3), Then.HANG));
    streams.add(CAMERA);
    Await.until("three clips", SOON, () -> store.entries(ID, Span.ALL).size() == 3);
    streams.close();
    index = new ExactMemoryIndex(TestClips.FINGERPRINT);
    streams = newStreams();
    connections.add(new ScriptedSource(true, frames(20, 22), Then.HANG));
    streams.resume();
    Await.until("five clips", SOON, () -> store.entries(ID, Span.ALL).size() == 5);
    assertThat(store.entries(ID, Span.ALL))
        .extracting((ClipEntry entry) -> entry.key().sequence())
        .containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(store.gaps(ID, Span.ALL))
        .containsExactly(new Gap(Span.ofSeconds(3, 20), "Onlooker was not running"));
    assertThat(recalled()).hasSize(5);
  }

  @Test
  void restart_recordingHalfRead_onlyTheRestIsAdded() throws Exception {
    connections.add(new ScriptedSource(false, frames(0, 3), Then.HANG));
    streams.add(FILM);
    Await.until("three clips", SOON, () -> store.entries(ID, Span.ALL).size() == 3);
    streams.close();
    streams = newStreams();
    connections.add(new ScriptedSource(false, frames(0, 6), Then.END));
    streams.resume();
    awaitEnd();
    assertThat(store.entries(ID, Span.ALL))
        .extracting(entry -> entry.span().start().seconds())
        .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
    assertThat(store.gaps(ID, Span.ALL)).isEmpty();
  }

  @Test
  void add_sameIdTwice_isRefusedByName() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 1), Then.HANG));
    streams.add(CAMERA);
    assertThatThrownBy(() -> streams.add(FILM))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("\"cam\"");
  }

  @Test
  void add_sourceNotAllowed_isRefusedAndForgotten() {
    StreamSpec bad = StreamSpec.of("bad", "forbidden:x");
    assertThatThrownBy(() -> streams.add(bad))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.kind()).isEqualTo(Refused.Kind.FORBIDDEN));
    assertThat(store.streams()).isEmpty();
  }

  @Test
  void remove_withMemory_leavesNothing() throws Exception {
    connections.add(new ScriptedSource(false, frames(0, 3), Then.END));
    streams.add(FILM);
    awaitEnd();
    streams.remove(ID, true);
    assertThat(streams.list()).isEmpty();
    assertThat(store.entries(ID, Span.ALL)).isEmpty();
    assertThat(store.streams()).isEmpty();
    assertThat(recalled()).isEmpty();
  }

  @Test
  void remove_keepingMemory_addedAgain_continuesItsClock() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 3), Then.HANG));
    streams.add(CAMERA);
    Await.until("three clips", SOON, () -> store.entries(ID, Span.ALL).size() == 3);
    streams.remove(ID, false);
    connections.add(new ScriptedSource(true, frames(30, 31), Then.HANG));
    streams.add(CAMERA);
    Await.until("four clips", SOON, () -> store.entries(ID, Span.ALL).size() == 4);
    assertThat(store.entries(ID, Span.ALL).getLast().span()).isEqualTo(Span.ofSeconds(30, 31));
  }

  @Test
  void remove_andThenAllItsClipsGo_addedAgain_beginsAnew() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 3), Then.HANG));
    streams.add(CAMERA);
    Await.until("three clips", SOON, () -> store.entries(ID, Span.ALL).size() == 3);
    streams.remove(ID, false);
    store.remove(ID, Span.ALL, 0);
    connections.add(new ScriptedSource(true, frames(0, 1), Then.HANG));
    streams.add(CAMERA);
    Await.until("a clip", SOON, () -> store.entries(ID, Span.ALL).size() == 1);
    assertThat(store.entries(ID, Span.ALL).getFirst().key()).isEqualTo(new ClipKey(ID, 0));
    Await.until("it is found", SOON, () -> recalled().size() == 1);
  }

  @Test
  void remove_withMemory_takesTheSegmentsAlong() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 2), Then.HANG));
    streams.add(CAMERA);
    Await.until("two clips", SOON, () -> store.entries(ID, Span.ALL).size() == 2);
    segments.add(new Segment(ID, Span.ofSeconds(0, 2), 1_000));
    streams.remove(ID, false);
    assertThat(segments.bytes()).isEqualTo(1_000);
    connections.add(new ScriptedSource(true, frames(20, 21), Then.HANG));
    streams.add(CAMERA);
    assertThat(segments.bytes()).isEqualTo(1_000);
    streams.remove(ID, true);
    assertThat(segments.bytes()).isZero();
  }

  @Test
  void add_withoutMemory_startsAnewAlsoInItsSegments() throws Exception {
    segments.add(new Segment(ID, Span.ofSeconds(0, 2), 1_000));
    connections.add(new ScriptedSource(true, frames(0, 1), Then.HANG));
    streams.add(CAMERA);
    assertThat(segments.bytes()).isZero();
  }

  @Test
  void change_ofTheSource_goesOnBehindWhatWasSeen() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 4), Then.HANG));
    connections.add(new ScriptedSource(true, frames(0, 4), Then.HANG));
    streams.add(CAMERA);
    Await.until("three clips", SOON, () -> store.nextSequence(ID) >= 3);
    List<Frame> looked = new CopyOnWriteArrayList<>();
    streams.onFrame(ID, looked::add);
    streams.change(ID, change("rtsp://cam/2"));
    Await.until("more clips", SOON, () -> store.nextSequence(ID) >= 6);
    assertThat(store.streams().getFirst().spec().source()).isEqualTo("rtsp://cam/2");
    assertThat(store.streams().getFirst().startTime()).isEqualTo(TestClips.START);
    assertThat(looked).isNotEmpty();
    assertThat(store.gaps(ID, Span.ALL))
        .allMatch(gap -> gap.reason().equals("its source was changed"));
  }

  private static StreamChange change(String source) {
    return new StreamChange(Optional.of(source), OptionalDouble.empty(), Optional.of("birds"));
  }

  @Test
  void change_ofThePromptAlone_opensNothingAgain() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 4), Then.HANG));
    streams.add(CAMERA);
    Await.until("three clips", SOON, () -> store.nextSequence(ID) >= 3);
    streams.change(ID, change(CAMERA.source()));
    assertThat(state()).isEqualTo(StreamState.RUNNING);
    assertThat(streams.status(ID).orElseThrow().spec().prompt()).hasValue("birds");
    assertThat(store.streams().getFirst().spec().prompt()).hasValue("birds");
  }

  @Test
  void change_toAForbiddenSource_isRefusedAndChangesNothing() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 4), Then.HANG));
    streams.add(CAMERA);
    assertThatThrownBy(() -> streams.change(ID, change("forbidden:x"))).isInstanceOf(Refused.class);
    assertThat(streams.status(ID).orElseThrow().spec()).isEqualTo(CAMERA);
  }

  @Test
  void tryOut_keepsNothing() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 1), Then.HANG));
    assertThat(streams.tryOut(CAMERA).codec()).isEqualTo("scripted");
    assertThat(streams.list()).isEmpty();
    assertThat(store.streams()).isEmpty();
  }

  @Test
  void forget_stretchOfARecording_isGoneEverywhereAndAdmitted() throws Exception {
    connections.add(new ScriptedSource(false, frames(0, 9), Then.END));
    streams.add(FILM);
    awaitEnd();
    segments.add(new Segment(ID, Span.ofSeconds(0, 4), 1));
    segments.add(new Segment(ID, Span.ofSeconds(4, 9), 1));
    streams.forget(ID, Span.ofSeconds(1, 3));
    assertThat(store.entries(ID, Span.ALL))
        .extracting(entry -> entry.span().start().seconds())
        .containsExactly(0.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0);
    assertThat(recalled()).hasSize(7);
    assertThat(segments.overlapping(ID, Span.ALL)).hasSize(1);
    assertThat(store.gaps(ID, Span.ALL))
        .containsExactly(new Gap(Span.ofSeconds(1, 3), "it was removed from memory"));
    assertThat(store.block(new ClipKey(ID, 3))).isEmpty();
    assertThat(store.block(new ClipKey(ID, 5)).stream().peek(KvBlock::close)).hasSize(1);
  }

  @Test
  void forget_whatIsBeingWatched_isRefused() throws Exception {
    connections.add(new ScriptedSource(true, frames(0, 3), Then.HANG));
    streams.add(CAMERA);
    assertThatThrownBy(() -> streams.forget(ID, Span.ofSeconds(0, 2)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("2 minutes ago");
    assertThatThrownBy(() -> streams.forget(new StreamId("nobody"), Span.ofSeconds(0, 2)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("nobody");
  }

  private Streams newStreams() {
    return new Streams(
        this::connect,
        segments,
        new Stages(
            new ScriptedEncoder(),
            reducer,
            ScriptedModel.saying("yes"),
            store,
            index,
            Tiers.ofBlocks(Duration.ofHours(1)),
            new ModelSlots(1, CLOCK),
            Optional.empty()),
        CLOCK,
        new Random(1));
  }

  /** The check before adding opens nothing: only opened sources use up a connection. */
  private FrameSource connect(StreamSpec spec) throws SourceException {
    if (spec.source().startsWith("forbidden:")) {
      throw new SourceException(SourceError.REFUSED, spec.source() + " is not allowed");
    }
    return new NextConnection(connections);
  }

  private static List<Frame> frames(int fromSeconds, int toSeconds) {
    return IntStream.range(fromSeconds * 2, toSeconds * 2)
        .mapToObj(i -> frame(i / 2.0, 0x204060))
        .toList();
  }

  private void awaitEnd() {
    Await.until("the end", SOON, () -> streams.isWatchedToItsEnd(ID));
  }

  private StreamState state() {
    return streams.status(ID).orElseThrow().state();
  }

  private List<?> recalled() {
    float[] colour = TestClips.unit(0x20, 0x40, 0x60);
    return index.recall(new RecallQuery(
        ID,
        Span.ALL,
        Optional.empty(),
        Optional.empty(),
        colour,
        0.5,
        1,
        RecallQuery.Order.RELEVANCE,
        100));
  }
}
