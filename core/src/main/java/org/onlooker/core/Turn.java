package org.onlooker.core;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A question of a conversation and its completed answer.
 *
 * @param answerId of the {@link Answer}
 * @param asOf media time up to which the answer could know
 * @param citations spans that proved the answer
 */
public record Turn(
    String answerId, Said question, Said answer, Instant askedAt, Pts asOf, List<Span> citations) {

  /**
   * What was said.
   *
   * @param text as people saw it
   * @param parts as a model can be told it again: moments are media time, whatever label or clock
   *     time stood for them
   */
  public record Said(String text, List<TimedQuestion.Part> parts) {
    public Said {
      parts = List.copyOf(parts);
    }
  }

  public Turn {
    citations = List.copyOf(citations);
  }

  /** Whether it was asked in a stretch of the stream, or tells of it. */
  public boolean isAbout(Span stretch) {
    return stretch.contains(asOf)
        || moments().anyMatch(stretch::contains)
        || citations.stream().anyMatch(stretch::overlaps);
  }

  /** The moments that it names and the starts of what it cites, each once, newest first. */
  Stream<Pts> moments() {
    Stream<Pts> named = Stream.of(question, answer)
        .flatMap(said -> said.parts().stream())
        .filter(TimedQuestion.Part.At.class::isInstance)
        .map(part -> ((TimedQuestion.Part.At) part).moment());
    return Stream.concat(named, citations.stream().map(Span::start))
        .distinct()
        .sorted(Comparator.reverseOrder());
  }
}
