package org.onlooker.language.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.onlooker.core.ContextItem;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Layers;
import org.onlooker.language.PromptForm;
import org.onlooker.language.Rope;

/**
 * Brings a context into a cache: sinks first, then one block per clip, all at contiguous positions.
 * Owns the blocks that it makes for clips that have none; used once, by one thread.
 */
final class ContextBlocks implements AutoCloseable {
  private final Decoder decoder;
  private final PromptForm form;
  private final KvBlock sinks;
  private final List<KvBlock> made = new ArrayList<>();

  ContextBlocks(Decoder decoder, PromptForm form, KvBlock sinks) {
    this.decoder = decoder;
    this.form = form;
    this.sinks = sinks;
  }

  void load(List<ContextItem> items, Forward forward) {
    List<KvBlock> blocks = new ArrayList<>();
    for (ContextItem item : items) {
      blocks.add(
          switch (item) {
            case ContextItem.Block block -> checked(block);
            case ContextItem.Fresh fresh -> prefill(fresh, blocks);
          });
    }
    if (items.stream().map(ContextBlocks::layers).allMatch(Layers.ALL::equals)) {
      append(blocks, forward);
    } else {
      appendByLayer(blocks, items.stream().map(ContextBlocks::layers).toList(), forward);
    }
  }

  /** The layers that see a clip. */
  static Layers layers(ContextItem item) {
    return item instanceof ContextItem.Block block ? block.layers() : Layers.ALL;
  }

  /** Appends sinks, then to each layer the blocks that it sees, up to the shortest layer's end. */
  private void appendByLayer(List<KvBlock> blocks, List<Layers> layers, Forward forward) {
    forward.append(sinks, 0);
    KvCache cache = forward.cache();
    int first = cache.length();
    int rows = IntStream.range(0, decoder.shape().layers())
        .map(layer -> IntStream.range(0, blocks.size())
            .filter(i -> layers.get(i).has(layer))
            .map(i -> blocks.get(i).tokenCount())
            .sum())
        .min()
        .orElse(0);
    cache.grow(rows);
    Rope.Turns turns = decoder.rope().to(first, rows);
    for (int layer = 0; layer < decoder.shape().layers(); layer++) {
      int row = 0;
      for (int i = 0; i < blocks.size(); i++) {
        if (layers.get(i).has(layer)) {
          int count = Math.min(blocks.get(i).tokenCount(), rows - row);
          cache.putLayer(layer, blocks.get(i), count, first + row, turns, row);
          row += count;
        }
      }
    }
  }

  /** Appends sinks and {@code blocks} to an empty cache. */
  void append(List<KvBlock> blocks, Forward forward) {
    forward.append(sinks, 0);
    blocks.forEach(block -> forward.append(block, forward.cache().length()));
  }

  private KvBlock checked(ContextItem.Block item) {
    if (!item.block().shape().equals(decoder.shape())) {
      throw new IllegalArgumentException("block of " + item.label() + " was made by another model: "
          + item.block().shape() + ", this one has " + decoder.shape());
    }
    return item.block();
  }

  private KvBlock prefill(ContextItem.Fresh item, List<KvBlock> before) {
    long[] ids = form.clip(item.label(), item.tokens().countsByFrame());
    int hidden = Math.max(0, before.size() - form.visibleClips());
    List<KvBlock> seen = before.subList(hidden, before.size());
    int past = sinks.tokenCount() + seen.stream().mapToInt(KvBlock::tokenCount).sum();
    try (Forward forward = new Forward(decoder, past + ids.length)) {
      append(seen, forward);
      forward.run(ids, Optional.of(item.tokens()), past);
      KvBlock block = forward.cache().read(past, ids.length, decoder.rope().off(past, ids.length));
      made.add(block);
      return block;
    }
  }

  @Override
  public void close() {
    made.forEach(KvBlock::close);
    made.clear();
  }
}
