package org.onlooker.core;

/**
 * The sliding window of one stream: past = [sinks | window]. Used by one thread.
 *
 * <p>Life cycle: 1. opened by {@link LanguageModel#openWindow}; 2. {@link #prefill} for each clip
 * in time order, {@link #caption} any time after; 3. {@link #restart} after a gap; 4. closed.
 */
public interface WatchWindow extends AutoCloseable {
  /** Prefills a clip behind the window and returns its block, which the caller closes. */
  KvBlock prefill(ClipLabel label, VisualTokens tokens);

  /** Asks the model, on a fork, what the newest clip shows; empty when its pack has no caption. */
  String caption();

  /** Forgets the window but not the sinks: what follows has no connection to what was. */
  void restart();

  @Override
  void close();
}
