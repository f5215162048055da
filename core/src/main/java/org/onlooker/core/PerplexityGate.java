package org.onlooker.core;

import java.util.List;
import java.util.Optional;

/**
 * Decides with one forward pass whether what holds so far still does: how surprised the model would
 * be to hear it of the newest clip, compared with how surprised it was when it became so. It opens
 * above {@link #ALPHA} times as much (LiveStar, arXiv 2511.05299, streaming verification decoding).
 * The ratio is of the same words before and after, and so needs no scale of a model's own.
 */
final class PerplexityGate {
  /** As LiveStar evaluates it. */
  static final double ALPHA = 1.04;

  private final LanguageModel model;
  private Optional<Held> held = Optional.empty();

  /** What holds, and its perplexity when it became so. */
  private record Held(String words, double perplexity) {}

  PerplexityGate(LanguageModel model) {
    this.model = model;
  }

  /**
   * Whether there may be something new to say.
   *
   * @param clips as {@link LanguageModel#perplexity} takes them; of none it is open
   */
  boolean opens(List<ContextItem> clips) {
    return clips.isEmpty()
        || held.isEmpty()
        || model.perplexity(clips, held.get().words()) > ALPHA * held.get().perplexity();
  }

  /** From now on {@code words} hold, which {@code clips} show. */
  void hold(String words, List<ContextItem> clips) {
    held = clips.isEmpty() || words.isEmpty()
        ? Optional.empty()
        : Optional.of(new Held(words, model.perplexity(clips, words)));
  }
}
