package org.onlooker.core;

import java.util.Optional;

/**
 * What to look for.
 *
 * @param scope only clips that start in it
 * @param text the question's words, for the caption signal; empty for none
 * @param name in {@link CaptionNames} that the question means; the captions that hold it match, in
 *     place of those that hold the words
 * @param embedding unit vector, for the image signal; empty array for none
 * @param floor cosine below which a clip does not count as a match by embedding
 * @param proofClips matches with holes of at most {@link Appearances#HOLE_MICROS_MAX} that it takes
 *     to prove that the thing was there; fewer are left out, unless they touch an end of the scope
 *     and so may be part of more
 * @param order {@code NEWEST} and {@code OLDEST} take the matches at one end of time, for
 *     questions about the last and the first time; {@code EVERY} takes each of the {@link
 *     Appearances}, for questions about how often and about all times; {@code WHOLE} takes both
 *     ends of the newest of them, for questions about how long
 * @param limit most clips returned
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record RecallQuery(
    StreamId stream,
    Span scope,
    Optional<String> text,
    Optional<String> name,
    float[] embedding,
    double floor,
    int proofClips,
    Order order,
    int limit) {
  /** For the matches of this query, one by one in time order. */
  public Appearances.Gatherer gatherer() {
    return new Appearances.Gatherer(scope, proofClips);
  }

  /** Which matches come first. */
  public enum Order {
    RELEVANCE,
    NEWEST,
    OLDEST,
    EVERY,
    WHOLE;

    /** Whether it takes clips of {@link Appearances}. */
    public boolean isOfAppearances() {
      return this == EVERY || this == WHOLE;
    }
  }
}
