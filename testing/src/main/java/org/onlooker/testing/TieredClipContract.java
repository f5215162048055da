package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.testing.Memories.block;
import static org.onlooker.testing.Memories.repeat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Conversation;
import org.onlooker.core.ConversationId;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.Gap;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.Tier;
import org.onlooker.core.TimedQuestion;
import org.onlooker.core.Turn;

/** What every {@link MemoryStore} keeps of a clip in each {@link Tier}. */
abstract class TieredClipContract extends StoredClipContract {
  @Test
  final void demote_toTokens_dropsBlocksAndKeyMeansOfTheStretchAlone() {
    appendAll("door", 6);
    append("doors", 3);
    store.demote(DOOR, Tier.TOKENS, 2, 5);
    assertThat(tiers("door", 6))
        .containsExactly(Tier.BLOCK, Tier.BLOCK, Tier.TOKENS, Tier.TOKENS, Tier.TOKENS, Tier.BLOCK);
    assertThat(store.entriesFrom(DOOR, 0, 9)).hasSize(6);
    assertThat(store.thumbnail(new ClipKey(DOOR, 3))).isPresent();
    List<Long> scanned = new ArrayList<>();
    store.scanKeyMeans(DOOR, 0, 6, (sequence, means) -> scanned.add(sequence));
    assertThat(scanned).containsExactly(0L, 1L, 5L);
    assertBlock("doors", 3);
    assertBlock("door", 5);
  }

  @Test
  final void demote_toCaption_keepsEntryAndThumbnail() {
    appendAll("door", 3);
    store.demote(DOOR, Tier.CAPTION, 0, 2);
    assertThat(tiers("door", 3)).containsExactly(Tier.CAPTION, Tier.CAPTION, Tier.BLOCK);
    ClipEntry entry = store.entry(new ClipKey(DOOR, 1)).orElseThrow();
    assertThat(entry.caption()).isEqualTo("a caption of clip 1");
    assertThat(store.thumbnail(entry.key())).isPresent();
    store.demote(DOOR, Tier.TOKENS, 0, 2);
    assertThat(tiers("door", 2)).containsExactly(Tier.CAPTION, Tier.CAPTION);
  }

  @Test
  final void demote_nothing_changesNothing() {
    appendAll("door", 2);
    store.demote(DOOR, Tier.BLOCK, 0, 2);
    store.demote(DOOR, Tier.TOKENS, 1, 1);
    store.demote(DOOR, Tier.TOKENS, 2, 9);
    append("door", 2);
    assertThat(tiers("door", 3)).containsOnly(Tier.BLOCK);
  }

  @Test
  final void promote_demotedClip_servesTheBlockAgain() {
    appendAll("door", 3);
    store.demote(DOOR, Tier.TOKENS, 0, 3);
    assertThat(promote(1)).isTrue();
    assertThat(tiers("door", 3)).containsExactly(Tier.TOKENS, Tier.BLOCK, Tier.TOKENS);
    assertBlock("door", 1);
    store.demote(DOOR, Tier.TOKENS, 0, 3);
    assertThat(tiers("door", 3)).containsOnly(Tier.TOKENS);
  }

  @Test
  final void promote_clipOfAStreamThatBeganAnew_isRefused() {
    append("door", 0);
    ClipEntry old = store.entry(new ClipKey(DOOR, 0)).orElseThrow();
    store.removeStream(DOOR, true);
    try (KvBlock block = block("door", 0)) {
      assertThat(store.promote(old, block)).isFalse();
      assertThat(store.block(old.key())).isEmpty();
      ClipEntry later = new ClipEntry(
          old.key(),
          old.span(),
          old.startTime().minusSeconds(60),
          old.fingerprint(),
          old.caption(),
          old.embedding());
      append("door", 0);
      assertThat(store.promote(later, block)).isFalse();
    }
  }

  @Test
  final void demote_repeat_keepsItsEntry() {
    append("door", 0);
    store.appendRepeat(repeat("door", 1, 0));
    store.demote(DOOR, Tier.CAPTION, 0, 2);
    assertThat(store.entry(new ClipKey(DOOR, 1)).orElseThrow().isRepeat()).isTrue();
  }

  @Test
  final void remove_stretch_takesWhatOverlapsItAndBlocksThatSawIt() {
    appendAll("door", 10);
    append("doors", 4);
    store.remove(DOOR, Span.ofSeconds(2.5, 5), 2);
    assertThat(sequences(store.entriesFrom(DOOR, 0, 99)))
        .containsExactly(0L, 1L, 5L, 6L, 7L, 8L, 9L);
    ClipKey removed = new ClipKey(DOOR, 3);
    assertThat(store.entry(removed)).isEmpty();
    assertThat(store.block(removed)).isEmpty();
    assertThat(store.tokens(removed)).isEmpty();
    assertThat(store.keyMeans(removed)).isEmpty();
    assertThat(store.thumbnail(removed)).isEmpty();
    assertThat(tiers("door", 2)).containsOnly(Tier.BLOCK);
    assertThat(tier("door", 5)).isEqualTo(Tier.TOKENS);
    assertThat(tier("door", 6)).isEqualTo(Tier.TOKENS);
    assertThat(tier("door", 7)).isEqualTo(Tier.BLOCK);
    assertBlock("doors", 4);
    assertBlock("door", 9);
  }

  @Test
  final void remove_original_takesItsRepeatsAlong() {
    appendAll("door", 3);
    store.appendRepeat(repeat("door", 3, 2));
    store.appendRepeat(repeat("door", 4, 2));
    append("door", 5);
    append("door", 6);
    store.remove(DOOR, Span.ofSeconds(0, 3), 1);
    assertThat(sequences(store.entriesFrom(DOOR, 0, 99))).containsExactly(5L, 6L);
    assertThat(tier("door", 5)).isEqualTo(Tier.TOKENS);
    assertThat(tier("door", 6)).isEqualTo(Tier.BLOCK);
  }

  @Test
  final void remove_repeatsAlone_keepsTheirOriginalAndLaterOnes() {
    appendAll("door", 3);
    store.appendRepeat(repeat("door", 3, 2));
    store.appendRepeat(repeat("door", 4, 2));
    store.remove(DOOR, Span.ofSeconds(3, 4), 0);
    assertThat(sequences(store.entriesFrom(DOOR, 0, 99))).containsExactly(0L, 1L, 2L, 4L);
    assertBlock("door", 2);
  }

  @Test
  final void remove_everything_goesOnWhereItWas() {
    appendAll("door", 5);
    store.remove(DOOR, Span.ALL, 2);
    assertThat(store.entriesFrom(DOOR, 0, 99)).isEmpty();
    assertThat(store.nextSequence(DOOR)).isEqualTo(5);
    assertThat(store.storedThrough(DOOR)).contains(Pts.ofSeconds(5));
    append("door", 5);
    assertBlock("door", 5);
  }

  @Test
  final void remove_nothingThere_changesNothing() {
    appendAll("door", 3);
    store.remove(DOOR, Span.ofSeconds(10, 20), 2);
    store.remove(new StreamId("nobody"), Span.ALL, 2);
    assertThat(tiers("door", 3)).containsOnly(Tier.BLOCK);
  }

  @Test
  final void remove_gapsWithinTheStretch_areGone() {
    store.appendGap(DOOR, new Gap(Span.ofSeconds(1, 2), "a"));
    store.appendGap(DOOR, new Gap(Span.ofSeconds(4, 9), "b"));
    store.remove(DOOR, Span.ofSeconds(0, 5), 2);
    assertThat(store.gaps(DOOR, Span.ALL)).extracting(Gap::reason).containsExactly("b");
  }

  @Test
  final void remove_turnsAboutTheStretch_goWithThoseBeforeThem() {
    ConversationStore conversations = store.conversations();
    ConversationId told = new ConversationId("told");
    ConversationId other = new ConversationId("other");
    Conversation first = conversations.open(told, DOOR, Memories.START);
    conversations.append(first, turn("a", 30, 29));
    conversations.append(first, turn("b", 60, 12));
    conversations.append(first, turn("c", 61, 60));
    Conversation second = conversations.open(other, DOOR, Memories.START);
    conversations.append(second, turn("d", 12, 12));
    store.remove(DOOR, Span.ofSeconds(10, 20), 2);
    assertThat(conversations.turns(told)).extracting(Turn::answerId).containsExactly("c");
    assertThat(conversations.find(told).orElseThrow().turnCount()).isEqualTo(1);
    assertThat(conversations.find(other)).isEmpty();
    conversations.append(conversations.find(told).orElseThrow(), turn("e", 62, 60));
    assertThat(conversations.turns(told)).extracting(Turn::answerId).containsExactly("c", "e");
  }

  private static Turn turn(String id, double asOf, double moment) {
    Turn.Said said = new Turn.Said("at", List.of(new TimedQuestion.Part.At(Pts.ofSeconds(moment))));
    return new Turn(id, said, said, Memories.START, Pts.ofSeconds(asOf), List.of());
  }

  private boolean promote(long sequence) {
    ClipEntry entry = store.entry(new ClipKey(DOOR, sequence)).orElseThrow();
    try (KvBlock block = block("door", sequence)) {
      return store.promote(entry, block);
    }
  }

  /** What is there of the first clips. */
  private List<Tier> tiers(String stream, int count) {
    List<Tier> tiers = new ArrayList<>();
    for (int sequence = 0; sequence < count; sequence++) {
      tiers.add(tier(stream, sequence));
    }
    return tiers;
  }

  private Tier tier(String stream, int sequence) {
    ClipKey key = new ClipKey(new StreamId(stream), sequence);
    Optional<KvBlock> block = store.block(key);
    block.ifPresent(KvBlock::close);
    boolean tokens = store.tokens(key).isPresent();
    assertThat(store.entry(key)).isPresent();
    assertThat(store.keyMeans(key).isPresent()).isEqualTo(block.isPresent());
    assertThat(tokens || block.isEmpty()).isTrue();
    return block.isPresent() ? Tier.BLOCK : tokens ? Tier.TOKENS : Tier.CAPTION;
  }
}
