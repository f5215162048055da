package org.onlooker.core;

/** One clip of a context, as stored keys and values or as tokens to prefill afresh. */
public sealed interface ContextItem {
  ClipLabel label();

  /** Served from memory; the caller of the model keeps and closes the block. */
  record Block(ClipLabel label, KvBlock block) implements ContextItem {}

  /** Prefilled at question time behind what stands before it. */
  record Fresh(ClipLabel label, VisualTokens tokens) implements ContextItem {}
}
