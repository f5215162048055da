package org.onlooker.language.onnx;

import java.util.List;
import org.onlooker.core.Prompt;
import org.onlooker.language.PromptForm;

/** Chooses what a model is told of a conversation: its last turns, whole ones only. */
final class LastTurns {
  private LastTurns() {}

  /**
   * The question behind the newest turns that fit; a turn that does not hides those before it.
   *
   * @param most tokens of the turns
   * @param room tokens that turns and question may take together; the question alone may take more
   */
  static long[] before(PromptForm form, Prompt prompt, int most, int room) {
    long[] told = form.question(prompt.question());
    int longest = Math.min(room, told.length + most);
    List<Prompt.Exchange> turns = prompt.dialogue();
    for (int first = turns.size() - 1; first >= 0; first--) {
      long[] longer = form.question(turns.subList(first, turns.size()), prompt.question());
      if (longer.length > longest) {
        break;
      }
      told = longer;
    }
    return told;
  }
}
