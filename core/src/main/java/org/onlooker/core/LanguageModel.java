package org.onlooker.core;

import java.util.List;
import java.util.Optional;

/** The decoder of a model pack. Safe for use by several threads; windows are not. */
public interface LanguageModel extends AutoCloseable {
  ModelCard card();

  /** A fresh sliding window for one stream's clips. */
  WatchWindow openWindow();

  /**
   * Runs the words of a question behind {@code context} and tells what they look for: for each
   * layer the mean over its words of the queries before rotation, those of the heads that share a
   * KV head summed, as {@code kvHeads * headDim} values. Its product with a mean key ({@link
   * KvBlock#keyMeans}) is the sum over heads of theirs. Empty where the decoder has no such output.
   */
  Optional<float[][]> queries(List<ContextItem> context, List<QuestionPart> question);

  /**
   * Says what the newest of {@code clips} shows; empty when the pack has no caption, or when it is
   * nothing. One that is in no window is prefilled behind the others.
   *
   * @param clips in time order, the newest last; at least one
   */
  String caption(List<ContextItem> clips);

  /**
   * How surprised the model would be to hear {@code said} of what {@code clips} show: perplexity,
   * the exponential of the mean over its tokens and its end of −log p, 1 where it is certain. One
   * forward pass behind [sinks | clips | the question that captions answer].
   *
   * @param clips in time order, the newest last; at least one
   * @throws IllegalArgumentException when it is longer than what the model reads at once
   */
  double perplexity(List<ContextItem> clips, String said);

  /**
   * Builds the cache [sinks | context | question] and decodes until the model stops, {@code
   * prompt.maxTokens} is reached or {@code sink} cancels. Nothing it decodes enters a stored block.
   */
  Generation answer(Prompt prompt, AnswerSink sink);

  @Override
  void close();
}
