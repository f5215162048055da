package org.onlooker.core;

import java.util.List;

/**
 * What the model is asked over.
 *
 * @param context clips in time order; may be empty (policy {@code blind})
 * @param maxTokens most tokens to decode
 */
public record Prompt(List<ContextItem> context, List<QuestionPart> question, int maxTokens) {
  public Prompt {
    context = List.copyOf(context);
    question = List.copyOf(question);
  }
}
