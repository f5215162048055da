package org.onlooker.retrieval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Span;
import org.onlooker.core.TimedQuestion;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Change;
import org.onlooker.core.TimedQuestion.Neighbour;
import org.onlooker.core.TimedQuestion.Part;

/** The expressions found in one question; each character belongs to at most one of them. */
final class FoundTimes {
  private final String question;
  private final TimeFrame frame;
  private final Optional<SpokenDay> day;
  private final List<Found> found = new ArrayList<>();

  /** What an expression means: a moment, a stretch, or (with neither) a time not watched. */
  record Meaning(Optional<Pts> moment, Optional<Span> stretch) {
    static Meaning moment(Optional<Pts> moment) {
      return new Meaning(moment, Optional.empty());
    }

    static Meaning stretch(Optional<Span> stretch) {
      return new Meaning(Optional.empty(), stretch);
    }

    boolean isOutside() {
      return moment.isEmpty() && stretch.isEmpty();
    }
  }

  private record Found(int start, int end, Meaning meaning) {
    boolean overlaps(int from, int to) {
      return from < end && start < to;
    }
  }

  FoundTimes(String question, TimeFrame frame, Optional<SpokenDay> day) {
    this.question = question;
    this.frame = frame;
    this.day = day;
    day.ifPresent(d -> found.add(new Found(
        d.position().start(), d.position().end(), Meaning.stretch(Optional.of(span(d))))));
  }

  private Span span(SpokenDay named) {
    return frame.watched(frame.mediaTime(named.start()), frame.mediaTime(named.end()));
  }

  boolean hasDay() {
    return day.isPresent();
  }

  /** Whether a clause or the question ends at a character. */
  boolean endsClause(int at) {
    return question.substring(at).matches("\\s*(?:[?.!,;].*)?");
  }

  void stretches(Pattern pattern, Function<Matcher, Optional<Span>> stretch) {
    find(pattern, match -> Optional.of(Meaning.stretch(stretch.apply(match))));
  }

  void moments(Pattern pattern, Function<Matcher, Optional<Pts>> moment) {
    find(pattern, match -> Optional.of(Meaning.moment(moment.apply(match))));
  }

  /** Finds expressions; where {@code meaning} is empty the words stay words. */
  void find(Pattern pattern, Function<Matcher, Optional<Meaning>> meaning) {
    Matcher match = pattern.matcher(question);
    while (match.find()) {
      int start = match.start();
      int end = match.end();
      if (found.stream().noneMatch(f -> f.overlaps(start, end))) {
        meaning.apply(match).ifPresent(m -> found.add(new Found(start, end, m)));
      }
    }
  }

  TimedQuestion question() {
    if (found.stream().anyMatch(f -> f.meaning().isOutside())) {
      return new TimedQuestion(
          List.of(new Part.Words(question)),
          Optional.of(nothing()),
          QuestionTense.order(question),
          About.HISTORY);
    }
    List<Part> parts = parts();
    String words = words(parts);
    boolean refersBack = QuestionReference.refersBack(words, !found.isEmpty());
    if (found.stream().anyMatch(f -> f.meaning().moment().isPresent())) {
      return new TimedQuestion(
          parts,
          Optional.empty(),
          RecallQuery.Order.RELEVANCE,
          About.MOMENT,
          Neighbour.NONE,
          refersBack,
          Change.NONE);
    }
    Optional<Span> scope =
        found.stream().flatMap(f -> f.meaning().stretch().stream()).reduce(this::common);
    About about = scope.isPresent() ? About.HISTORY : QuestionTense.about(words);
    return new TimedQuestion(
        parts,
        scope,
        QuestionTense.order(words),
        about,
        QuestionTense.neighbour(words),
        refersBack,
        QuestionTense.change(words));
  }

  private Span nothing() {
    return new Span(frame.now(), frame.now());
  }

  private Span common(Span one, Span other) {
    Pts start = one.start().isBefore(other.start()) ? other.start() : one.start();
    Pts end = one.end().isBefore(other.end()) ? one.end() : other.end();
    return new Span(start, end.isBefore(start) ? start : end);
  }

  private List<Part> parts() {
    List<Found> inOrder =
        found.stream().sorted(Comparator.comparingInt(Found::start)).toList();
    List<Part> parts = new ArrayList<>();
    StringBuilder words = new StringBuilder();
    int at = 0;
    for (Found expression : inOrder) {
      words.append(question, at, expression.start());
      at = expression.end();
      Optional<Pts> moment = expression.meaning().moment();
      if (moment.isPresent()) {
        words.append(words.toString().isBlank() ? "At " : "at ");
        parts.add(new Part.Words(tidy(words.toString(), parts.isEmpty())));
        parts.add(new Part.At(moment.get()));
        words.setLength(0);
      }
    }
    String rest = tidy(words.append(question.substring(at)).toString(), parts.isEmpty());
    if (!rest.isEmpty()) {
      parts.add(new Part.Words(rest));
    }
    return parts;
  }

  /** Closes the holes that removed expressions leave. */
  private static String tidy(String words, boolean first) {
    String closed = words.replaceAll(" {2,}", " ").replaceAll(" +(?=[?.!,])", "");
    return first ? closed.replaceFirst("^[ ,;]+", "") : closed;
  }

  private static String words(List<Part> parts) {
    StringBuilder words = new StringBuilder();
    for (Part part : parts) {
      words.append(part instanceof Part.Words w ? w.text() : " ");
    }
    return words.toString();
  }
}
