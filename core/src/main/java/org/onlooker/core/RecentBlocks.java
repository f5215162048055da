package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The blocks of the clips that a clip was read with: it, and those before it in the window. */
final class RecentBlocks implements AutoCloseable {
  /** A clip is kept whole every 30 s, so that repeats between two are fewer. */
  private static final int LOOKED_AT = 40;

  private final List<ContextItem> items;

  private RecentBlocks(List<ContextItem> items) {
    this.items = items;
  }

  /** Those of the model in use that are kept; of a clip that repeats another, the other's. */
  static RecentBlocks of(MemoryStore store, ModelCard card, ClipEntry clip) {
    List<ClipKey> originals =
        store.newest(clip.key().stream(), clip.span().end(), LOOKED_AT).stream()
            .filter(entry -> entry.fingerprint().equals(card.fingerprint()))
            .map(ClipEntry::original)
            .distinct()
            .toList();
    int seen = Math.min(originals.size(), card.windowClips() + 1);
    List<ContextItem> items = new ArrayList<>();
    for (ClipKey original : originals.subList(originals.size() - seen, originals.size())) {
      Optional<ClipEntry> entry = store.entry(original);
      Optional<KvBlock> block = entry.isPresent() ? store.block(original) : Optional.empty();
      block.ifPresent(kept -> items.add(new ContextItem.Block(
          ClipLabel.of(entry.orElseThrow().span().start(), card.labelPeriod()), kept)));
    }
    return new RecentBlocks(List.copyOf(items));
  }

  List<ContextItem> items() {
    return items;
  }

  @Override
  public void close() {
    for (ContextItem item : items) {
      if (item instanceof ContextItem.Block block) {
        block.block().close();
      }
    }
  }
}
