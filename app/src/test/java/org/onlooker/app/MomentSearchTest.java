package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.ModelCard;
import org.onlooker.core.Moment;
import org.onlooker.core.Moment.Signal;
import org.onlooker.core.MomentSearch;
import org.onlooker.core.Remark;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.TextEmbedder;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.LuceneMemoryIndex;
import org.onlooker.testing.ScriptedModel;
import org.onlooker.testing.TestClips;

/** Moments over two streams of clips of one second; "dog" looks like (1, 0), all else does not. */
class MomentSearchTest {
  private static final StreamId DOOR = new StreamId("door");
  private static final StreamId HALL = new StreamId("hall");
  private static final TextEmbedder EMBEDDER =
      text -> text.contains("dog") || text.contains("puppy") ? like(1) : new float[] {0, 0, 1};
  private final HeapMemoryStore store = new HeapMemoryStore(2_000);
  private LuceneMemoryIndex index;

  @BeforeEach
  void open(@TempDir Path folder) {
    index = LuceneMemoryIndex.open(folder, TestClips.FINGERPRINT);
  }

  @AfterEach
  void close() {
    index.close();
    store.close();
  }

  private static float[] like(double cosine) {
    return new float[] {(float) cosine, (float) Math.sqrt(1 - cosine * cosine), 0};
  }

  private void remember(StreamId stream, long sequence, String caption, double cosine) {
    Memory memory = TestClips.memory(stream, sequence, caption, like(cosine));
    try (KvBlock block = TestClips.block(sequence, 4)) {
      store.append(memory, block);
    }
    index.add(memory.entry());
  }

  private List<Moment> search(String words, Span scope) {
    return search(words, scope, 1, 20);
  }

  private List<Moment> search(String words, Span scope, int proofClips, int limit) {
    return new MomentSearch(store, index, EMBEDDER, card(proofClips))
        .search(
            words,
            List.of(
                new MomentSearch.Stretch(DOOR, TestClips.START, scope),
                new MomentSearch.Stretch(HALL, TestClips.START, scope)),
            limit);
  }

  private static ModelCard card(int proofClips) {
    ModelCard card = ScriptedModel.saying("").card();
    return new ModelCard(
        card.name(),
        card.domain(),
        card.fingerprint(),
        card.shape(),
        card.clipDuration(),
        card.framesPerClip(),
        card.labelPeriod(),
        card.contextTokens(),
        card.contextClips(),
        card.contextClipTokens(),
        card.clipTokens(),
        card.windowClips(),
        card.dialogueTokens(),
        proofClips,
        card.recallFloor(),
        card.device());
  }

  @Test
  void search_neighbouringClips_areOneMomentShownByItsBest() {
    remember(DOOR, 9, "A tree.", 0);
    remember(DOOR, 10, "A dog.", 0.5);
    remember(DOOR, 11, "A dog and a tree.", 0.9);
    remember(DOOR, 12, "A tree.", 0);
    remember(DOOR, 15, "A dog.", 0.6);
    remember(DOOR, 40, "A dog.", 0.4);

    List<Moment> found = search("dog", Span.ALL);

    assertThat(found)
        .extracting(Moment::span)
        .containsExactly(Span.ofSeconds(10, 16), Span.ofSeconds(40, 41));
    Moment best = found.getFirst();
    assertThat(best.shownAt()).isEqualTo(Span.ofSeconds(11, 12).start());
    assertThat(best.text()).isEqualTo("A dog and a tree.");
    assertThat(best.kind()).isEqualTo(Moment.Kind.CLIP);
    assertThat(best.startTime()).isEqualTo(TestClips.START.plusSeconds(10));
    assertThat(best.endTime()).isEqualTo(TestClips.START.plusSeconds(16));
    assertThat(best.signals()).containsOnlyKeys(Signal.PICTURE, Signal.WORDS);
    assertThat(best.signals().get(Signal.PICTURE)).isEqualTo(0.9, Offset.offset(0.01));
  }

  @Test
  void search_findsWhatWasSaidWhereNoClipShowsIt() {
    remember(DOOR, 10, "A dog.", 0.9);
    remember(DOOR, 40, "", 0);
    say(DOOR, 10, "A dog comes into view.");
    say(DOOR, 40, "Two dogs fight over the ball.");

    List<Moment> found = search("the dog", Span.ALL);

    assertThat(found)
        .extracting(Moment::kind)
        .containsExactlyInAnyOrder(Moment.Kind.CLIP, Moment.Kind.COMMENTARY);
    Moment said = search("dog ball", Span.ofSeconds(30, 60)).getFirst();
    assertThat(said.text()).isEqualTo("Two dogs fight over the ball.");
    assertThat(said.span()).isEqualTo(Span.ofSeconds(40, 41));
    assertThat(said.startTime()).isEqualTo(TestClips.START.plusSeconds(40));
    assertThat(search("cat ball", Span.ofSeconds(30, 60))).isEmpty();
  }

  private void say(StreamId stream, int second, String text) {
    store.appendRemark(new Remark(
        new ClipKey(stream, second),
        Span.ofSeconds(second, second + 1),
        TestClips.START.plusSeconds(second),
        Remark.Kind.CHANGE,
        text,
        TestClips.START.plusSeconds(second + 1)));
  }

  @Test
  void search_overTwoStreams_comparesTheSignalsOwnScores() {
    remember(DOOR, 0, "", 0.4);
    remember(HALL, 5, "", 0.9);
    remember(DOOR, 20, "", 0.6);

    List<Moment> found = search("dog", Span.ALL);

    assertThat(found).extracting(Moment::stream).containsExactly(HALL, DOOR, DOOR);
    assertThat(found)
        .extracting(moment -> moment.span().start().seconds())
        .containsExactly(5.0, 20.0, 0.0);
    assertThat(found).extracting(Moment::score).isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(found.getFirst().score()).isEqualTo(0.5, Offset.offset(1e-9));
  }

  @Test
  void search_withATimeFilter_findsWhatStartsInIt() {
    for (int second = 0; second < 60; second += 10) {
      remember(DOOR, second, "A dog.", 0.9);
      remember(HALL, second, "A dog.", 0.9);
    }

    List<Moment> found = search("dog", Span.ofSeconds(20, 40));

    assertThat(found)
        .extracting(moment -> moment.stream() + " " + moment.span().start().seconds())
        .containsExactlyInAnyOrder("door 20.0", "door 30.0", "hall 20.0", "hall 30.0");
    assertThat(search("dog", Span.ofSeconds(41, 49))).isEmpty();
    assertThat(search("dog", Span.ofSeconds(20, 20))).isEmpty();
  }

  @Test
  void search_alikeMoments_newestFirst() {
    for (int second = 0; second < 60; second += 20) {
      remember(DOOR, second, "A dog.", 0);
    }

    List<Moment> found = search("dog", Span.ALL, 1, 2);

    assertThat(found)
        .extracting(moment -> moment.span().start().seconds())
        .containsExactly(40.0, 20.0);
    assertThat(found.getFirst().score()).isEqualTo(found.getLast().score());
  }

  @Test
  void search_forWhatWasNeverSeen_isEmpty() {
    remember(DOOR, 0, "A tree.", 0.1);

    assertThat(search("dog", Span.ALL)).isEmpty();
    assertThat(search("umbrella", Span.ALL)).isEmpty();
    assertThat(search("what was there", Span.ALL)).isEmpty();
  }

  @Test
  void search_longStay_isFoundWholeBesideTheOthers() {
    for (int second = 0; second < 1_200; second++) {
      remember(DOOR, second, second < 1_000 || second > 1_100 ? "A dog." : "A tree.", 0);
    }

    assertThat(search("dog", Span.ALL))
        .extracting(Moment::span)
        .containsExactlyInAnyOrder(Span.ofSeconds(0, 1_000), Span.ofSeconds(1_101, 1_200));
  }

  @Test
  void search_whereCaptionsList_takesNoSlipsAndNoLookAlikes() {
    remember(DOOR, 0, "A dog.", 0.9);
    remember(DOOR, 10, "A cat.", 0.8);
    remember(DOOR, 11, "A cat.", 0.8);
    remember(DOOR, 12, "A cat.", 0.8);
    remember(DOOR, 20, "A dog.", 0.9);
    remember(DOOR, 21, "A dog.", 0.9);
    remember(DOOR, 22, "A dog.", 0.9);
    remember(DOOR, 30, "A tree.", 0);

    assertThat(search("dog", Span.ALL, 3, 20))
        .extracting(Moment::span)
        .containsExactly(Span.ofSeconds(20, 23));
    assertThat(search("dog", Span.ALL, 1, 20)).hasSizeGreaterThan(2);
  }

  @Test
  void search_whereCaptionsList_meansTheThingByAnotherWord() {
    for (int second = 20; second < 24; second++) {
      remember(DOOR, second, "A dog.", 0.9);
    }
    remember(DOOR, 40, "A tree.", 0);

    assertThat(search("puppy", Span.ALL, 3, 20))
        .extracting(Moment::span)
        .containsExactly(Span.ofSeconds(20, 24));
    assertThat(search("umbrella", Span.ALL, 3, 20)).isEmpty();
  }

  @Test
  void search_whereCaptionsList_takesWordsOfOneNameTogether() {
    for (int second = 0; second < 4; second++) {
      remember(DOOR, second, "A red square and a gold triangle.", 0);
    }
    for (int second = 20; second < 24; second++) {
      remember(DOOR, second, "Two blue triangles and a dog.", 0);
    }

    assertThat(search("red triangle", Span.ALL, 3, 20)).isEmpty();
    assertThat(search("the gold triangles", Span.ALL, 3, 20))
        .extracting(Moment::span)
        .containsExactly(Span.ofSeconds(0, 4));
    assertThat(search("the triangle", Span.ALL, 3, 20)).hasSize(2);
    assertThat(search("a dog and a red square", Span.ALL, 3, 20)).hasSize(2);
  }

  @Test
  void search_ofARemovedClip_doesNotTellIt() {
    remember(DOOR, 0, "A dog.", 0.9);
    store.removeStream(DOOR, true);

    assertThat(search("dog", Span.ALL)).isEmpty();
  }

  @Test
  void search_overADay_staysBounded() {
    for (int sequence = 0; sequence < 900; sequence++) {
      remember(DOOR, sequence * 20L, "A dog.", 0.3);
    }

    List<Moment> found = search("dog", Span.ALL, 1, 1_000);

    assertThat(found).hasSize(MomentSearch.LIMIT_MAX);
    Duration age = Duration.between(Instant.EPOCH, found.getFirst().startTime());
    assertThat(age)
        .isGreaterThan(Duration.between(Instant.EPOCH, found.getLast().startTime()));
  }
}
