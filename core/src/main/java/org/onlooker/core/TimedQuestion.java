package org.onlooker.core;

import java.util.List;
import java.util.Optional;

/**
 * A question whose time expressions are resolved.
 *
 * @param parts the question in order, expressions of a moment replaced by it
 * @param scope the stretch it asks about, where it names one
 * @param order which end of time it asks for
 * @param about whether it asks about now, a moment, or all that was seen
 */
public record TimedQuestion(
    List<Part> parts, Optional<Span> scope, RecallQuery.Order order, About about) {
  /** A stretch of words, or a moment of media time in their place. */
  public sealed interface Part {
    record Words(String text) implements Part {}

    record At(Pts moment) implements Part {}
  }

  /** What a question is about. */
  public enum About {
    NOW,
    MOMENT,
    HISTORY
  }

  public TimedQuestion {
    parts = List.copyOf(parts);
  }

  /** The words without the moments, for the text signals. */
  public String words() {
    StringBuilder words = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Words w) {
        words.append(w.text());
      }
    }
    return words.toString().strip();
  }

  /** The first moment named. */
  public Optional<Pts> moment() {
    return parts.stream()
        .filter(Part.At.class::isInstance)
        .map(part -> ((Part.At) part).moment())
        .findFirst();
  }
}
