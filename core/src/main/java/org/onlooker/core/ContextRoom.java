package org.onlooker.core;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.onlooker.core.ServedContext.Served;

/**
 * The room that a context has for clips: so many as the model was trained on, as long as their
 * tokens fit. Where a {@link TokenReducer} leaves few tokens of a clip, more clips fit.
 */
final class ContextRoom {
  /** The newest of them tell how many tokens a clip takes. */
  private static final int CLIPS_MEASURED = 8;

  private final ModelCard card;

  ContextRoom(ModelCard card) {
    this.card = card;
  }

  /** Clips that fit, if all of a stream are as long as the longest of its newest ones. */
  int clips(MemoryStore store, StreamId stream, Pts asOf) {
    if (card.contextClips() * card.clipTokens() <= card.contextClipTokens()) {
      return card.contextClips(); // however long
    }
    int tokens = store.newest(stream, asOf, CLIPS_MEASURED).stream()
        .map(ClipEntry::original)
        .distinct()
        .flatMapToInt(clip -> tokens(store, clip).stream())
        .max()
        .orElse(card.clipTokens());
    return Math.clamp(card.contextClipTokens() / tokens, 1, card.contextClips());
  }

  private static OptionalInt tokens(MemoryStore store, ClipKey clip) {
    Optional<KvBlock> read = store.block(clip);
    if (read.isEmpty()) {
      return OptionalInt.empty();
    }
    try (KvBlock block = read.get()) {
      return OptionalInt.of(block.tokenCount());
    }
  }

  /** Takes the blocks of the clips that match least, until those of the others fit. */
  void fit(Map<ClipKey, Served> clips) {
    int over =
        clips.values().stream().mapToInt(ContextRoom::tokens).sum() - card.contextClipTokens();
    List<ClipKey> worstFirst = clips.entrySet().stream()
        .sorted(Comparator.comparingDouble(clip -> clip.getValue().recalled().score()))
        .map(Map.Entry::getKey)
        .toList();
    for (ClipKey clip : worstFirst) {
      if (over > 0) {
        over -= tokens(clips.get(clip));
        clips.computeIfPresent(clip, (_, served) -> served.withoutItem());
      }
    }
  }

  private static int tokens(Served clip) {
    return clip.item().stream().mapToInt(ContextRoom::tokens).sum();
  }

  private static int tokens(ContextItem item) {
    return item instanceof ContextItem.Block block ? block.block().tokenCount() : 0;
  }
}
