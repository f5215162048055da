package org.onlooker.core;

import java.util.List;

/**
 * The sliding window of one stream: past = [sinks | window]. Used by one thread.
 *
 * <p>Life cycle: 1. opened by {@link LanguageModel#openWindow}; 2. {@link #prefill} for each clip
 * in time order, {@link #caption} any time after; 3. {@link #restart} after a gap; 4. closed.
 */
public interface WatchWindow extends AutoCloseable {
  /**
   * Prefills clips behind the window, as many at once as it lets see each other; their blocks are
   * those of one after the other, but for rounding.
   *
   * @param clips in time order, with no gap between them
   * @return a block for each, which the caller closes
   */
  List<KvBlock> prefill(List<ContextItem.Fresh> clips);

  /** {@link #prefill(List)} of one clip. */
  default KvBlock prefill(ClipLabel label, VisualTokens tokens) {
    return prefill(List.of(new ContextItem.Fresh(label, tokens))).getFirst();
  }

  /** Asks the model, on a fork, what the newest clip shows; empty when its pack has no caption. */
  String caption();

  /** Forgets the window but not the sinks: what follows has no connection to what was. */
  void restart();

  @Override
  void close();
}
