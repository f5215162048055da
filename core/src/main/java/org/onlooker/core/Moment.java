package org.onlooker.core;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * What a search found: a stretch of a stream in which the words hold.
 *
 * @param span from its first clip that matches to the end of the last
 * @param startTime wall time of its start
 * @param score 0 to 1, comparable within one search only: 1 is first by every signal
 * @param signals each signal that found it with that signal's own score, the best of its clips
 * @param kind what the words were found in
 * @param text the caption of its best clip, empty where it has none; or the remark
 * @param shownAt a moment in it whose thumbnail shows it best
 */
public record Moment(
    StreamId stream,
    Span span,
    Instant startTime,
    Instant endTime,
    double score,
    Map<Signal, Double> signals,
    Kind kind,
    String text,
    Pts shownAt) {
  /** What was searched. */
  public enum Kind {
    /** What a clip shows. */
    CLIP,
    /** What Onlooker said on its own. */
    COMMENTARY;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How words find something. */
  public enum Signal {
    /** Cosine of the words and a clip's picture. */
    PICTURE("embedding"),
    /** BM25 of the words and a text; the weight of a name that a caption lists. */
    WORDS("caption");

    /** As {@link Recalled} calls it. */
    private final String recalledAs;

    Signal(String recalledAs) {
      this.recalledAs = recalledAs;
    }

    String recalledAs() {
      return recalledAs;
    }

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
