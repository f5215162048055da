package org.onlooker.core;

/** How much is kept of a clip; each tier keeps less than the one before it. */
public enum Tier {
  /** All of it: the block stands ready for a question. */
  BLOCK,
  /** No block and no key means: the block is made again from the visual tokens when needed. */
  TOKENS,
  /** Entry and thumbnail: it is found, counted and cited, but the model does not see it. */
  CAPTION
}
