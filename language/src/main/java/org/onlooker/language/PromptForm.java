package org.onlooker.language;

import java.util.List;
import java.util.Optional;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;

/**
 * How a pack wants a stream and a question written: [sinks | clips | question], each as token ids.
 * Image token ids stand where visual tokens go.
 */
public interface PromptForm {
  /** The tokens that stand before everything and are always kept. */
  long[] sinks();

  /**
   * A clip.
   *
   * @param counts image tokens of each frame; a frame of none is left out
   */
  long[] clip(ClipLabel label, int... counts);

  /**
   * The question up to where its answer begins, behind earlier turns as the pack would have read
   * and written them.
   *
   * @param dialogue oldest first; may be empty
   */
  long[] question(List<Prompt.Exchange> dialogue, List<QuestionPart> parts);

  /** The words of a question alone, as the model is told them. */
  long[] words(List<QuestionPart> parts);

  /** A question of no conversation. */
  default long[] question(List<QuestionPart> parts) {
    return question(List.of(), parts);
  }

  /** The question that gives a caption of the newest clip; empty when the pack has none. */
  Optional<long[]> captionQuestion(ClipLabel newest);

  /** How a moment is written, with {@code {mm}} and {@code {ss}}. */
  String moment();

  /** Clips that a clip sees while it is prefilled for a question. */
  int visibleClips();

  /** Clips that a clip sees while its stream is watched. */
  int windowClips();

  /** Whether a caption means that nothing was in view. */
  boolean isNothing(String caption);

  /** Name and version of the form, for the pack's fingerprint. */
  String id();
}
