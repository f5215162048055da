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
 * @param neighbour whether it asks what came before or after the thing that it names
 * @param refersBack whether it asks on about what was said before it, as "where was it then?"
 * @param change what it asks of comings and goings: in its stretch, or lately
 */
public record TimedQuestion(
    List<Part> parts,
    Optional<Span> scope,
    RecallQuery.Order order,
    About about,
    Neighbour neighbour,
    boolean refersBack,
    Change change) {
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

  /** Which of the things that came near another one a question asks for. */
  public enum Neighbour {
    NONE,
    BEFORE,
    AFTER
  }

  /** What of all that came and went a question asks for: what came, what left, or how much. */
  public enum Change {
    NONE,
    CAME,
    LEFT,
    NUMBER
  }

  public TimedQuestion {
    parts = List.copyOf(parts);
  }

  /** A question that stands for itself and asks for no neighbour. */
  public TimedQuestion(
      List<Part> parts, Optional<Span> scope, RecallQuery.Order order, About about) {
    this(parts, scope, order, about, Neighbour.NONE, false, Change.NONE);
  }

  /** The same asked about something else. */
  TimedQuestion about(About other) {
    return new TimedQuestion(parts, scope, order, other, neighbour, refersBack, change);
  }

  /** The words without the moments, for the text signals. */
  public String words() {
    return words(parts);
  }

  /** The words of {@code parts} without the moments. */
  static String words(List<Part> parts) {
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
