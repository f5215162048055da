package org.onlooker.core;

/** The decoder of a model pack. Safe for use by several threads; windows are not. */
public interface LanguageModel extends AutoCloseable {
  ModelCard card();

  /** A fresh sliding window for one stream's clips. */
  WatchWindow openWindow();

  /**
   * Builds the cache [sinks | context | question] and decodes until the model stops, {@code
   * prompt.maxTokens} is reached or {@code sink} cancels. Nothing it decodes enters a stored block.
   */
  Generation answer(Prompt prompt, AnswerSink sink);

  @Override
  void close();
}
