package org.onlooker.core;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer with its proof and how it came about.
 *
 * @param text what was said; for a refused or failed question empty or partial
 * @param conversation which the question belongs to
 * @param reason why it was not completed
 * @param coverage stretches asked about in which the stream was not watched
 */
public record Answer(
    String id,
    StreamId stream,
    Optional<ConversationId> conversation,
    String question,
    String text,
    Status status,
    Optional<String> reason,
    List<Citation> citations,
    Instant askedAt,
    ContextUse context,
    Timings timings,
    List<Gap> coverage) {

  /** How a question ended. */
  public enum Status {
    COMPLETED,
    REFUSED,
    CANCELLED,
    FAILED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What the model had before it.
   *
   * @param recalledClips clips recalled beyond the recent ones
   * @param tokens of the context, clips and question
   * @param clips what the clips show, in time order
   */
  public record ContextUse(String policy, int recalledClips, int tokens, List<Span> clips) {
    public ContextUse {
      clips = List.copyOf(clips);
    }
  }

  /** Milliseconds: what recall took; from the admission, waiting included: first token, all. */
  public record Timings(double recallMillis, double firstTokenMillis, double totalMillis) {}

  public Answer {
    citations = List.copyOf(citations);
    coverage = List.copyOf(coverage);
  }
}
