package org.onlooker.core;

/** One clip of a context, as stored keys and values or as tokens to prefill afresh. */
public sealed interface ContextItem {
  ClipLabel label();

  /**
   * Served from memory; the caller of the model keeps and closes the block.
   *
   * @param layers that see it; where not all do, each layer must see as many tokens, and what one
   *     has too many is cut off its end
   */
  record Block(ClipLabel label, KvBlock block, Layers layers) implements ContextItem {
    /** A block that all layers see. */
    public Block(ClipLabel label, KvBlock block) {
      this(label, block, Layers.ALL);
    }
  }

  /** Prefilled at question time behind what stands before it. */
  record Fresh(ClipLabel label, VisualTokens tokens) implements ContextItem {}
}
