package org.onlooker.core;

import java.util.List;

/**
 * What the model is asked over.
 *
 * @param context clips in time order; may be empty (policy {@code blind})
 * @param dialogue earlier turns of the conversation, oldest first; the model is told the newest of
 *     them that fit in {@link #DIALOGUE_TOKENS_MAX}
 * @param maxTokens most tokens to decode
 */
public record Prompt(
    List<ContextItem> context,
    List<Exchange> dialogue,
    List<QuestionPart> question,
    int maxTokens) {
  /** Tokens that the dialogue may take before the question. */
  public static final int DIALOGUE_TOKENS_MAX = 256;

  /** An earlier question and its answer. */
  public record Exchange(List<QuestionPart> question, List<QuestionPart> answer) {
    public Exchange {
      question = List.copyOf(question);
      answer = List.copyOf(answer);
    }
  }

  public Prompt {
    context = List.copyOf(context);
    dialogue = List.copyOf(dialogue);
    question = List.copyOf(question);
  }

  /** A question of no conversation. */
  public Prompt(List<ContextItem> context, List<QuestionPart> question, int maxTokens) {
    this(context, List.of(), question, maxTokens);
  }
}
