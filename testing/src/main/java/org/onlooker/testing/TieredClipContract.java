package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.testing.Memories.block;
import static org.onlooker.testing.Memories.repeat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.StreamId;
import org.onlooker.core.Tier;

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
      ClipKey key = new ClipKey(new StreamId(stream), sequence);
      boolean block = store.block(key).stream().peek(KvBlock::close).count() == 1;
      boolean tokens = store.tokens(key).isPresent();
      assertThat(store.keyMeans(key).isPresent()).isEqualTo(block);
      assertThat(tokens || !block).isTrue();
      tiers.add(block ? Tier.BLOCK : tokens ? Tier.TOKENS : Tier.CAPTION);
    }
    return tiers;
  }
}
