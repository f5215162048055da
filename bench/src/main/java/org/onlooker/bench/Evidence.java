package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;

/**
 * What the answer to a question rests on.
 *
 * @param spans of media time, begun when the question was asked, in their order
 * @param askedAt on the same clock
 */
record Evidence(List<Span> spans, Pts askedAt) {
  /** A point of time, given where a span should be, is this long. */
  private static final long POINT_MICROS = 1_000;

  Evidence {
    spans = List.copyOf(spans);
  }

  static Evidence of(JsonNode question) {
    Pts askedAt = Pts.ofSeconds(question.path("askedAt").asDouble());
    List<Span> spans = new ArrayList<>();
    for (JsonNode span : question.path("evidence")) {
      Pts start = Pts.ofSeconds(span.path(0).asDouble());
      Pts end = Pts.ofSeconds(span.path(1).asDouble());
      Pts point = start.plusMicros(POINT_MICROS);
      if (start.isBefore(askedAt)) {
        spans.add(new Span(start, end.isBefore(point) ? point : end));
      }
    }
    return new Evidence(spans, askedAt);
  }

  Age age() {
    return spans.stream()
        .mapToLong(span -> Math.max(0, askedAt.micros() - span.end().micros()))
        .mapToObj(micros -> Age.of(micros / 1e6))
        .min(Age::compareTo)
        .orElse(Age.NO_EVIDENCE);
  }

  /** Whether a clip of an answer's context shows any of it. */
  boolean isHeldBy(JsonNode answer) {
    for (JsonNode clip : answer.path("context").path("clips")) {
      Span shown = Span.ofSeconds(clip.path(0).asDouble(), clip.path(1).asDouble());
      if (spans.stream().anyMatch(shown::overlaps)) {
        return true;
      }
    }
    return false;
  }
}
