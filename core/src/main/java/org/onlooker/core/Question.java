package org.onlooker.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A question as asked.
 *
 * @param asOf answer as if asked at this time: nothing seen later is used
 * @param policy name of a {@link ContextPolicy}; the default when absent
 * @param spans stretches of media time that the answer may rest on; for {@link OraclePolicy} alone
 * @param conversation whose last turns it may refer to, and which it continues; begun when new
 */
public record Question(
    StreamId stream,
    String text,
    Optional<Instant> asOf,
    Optional<String> policy,
    List<Span> spans,
    Optional<ConversationId> conversation) {
  private static final int TEXT_LENGTH_MAX = 2_000;
  public static final int SPANS_MAX = 256;

  public Question {
    if (text.isBlank()) {
      throw new IllegalArgumentException("question is empty");
    }
    if (text.length() > TEXT_LENGTH_MAX) {
      throw new IllegalArgumentException("question has " + text.length() + " characters, at most "
          + TEXT_LENGTH_MAX + " are taken");
    }
    if (spans.size() > SPANS_MAX) {
      throw new IllegalArgumentException(
          "question has " + spans.size() + " spans, at most " + SPANS_MAX + " are taken");
    }
    spans = List.copyOf(spans);
  }

  /** A question of no conversation, about all that was seen. */
  public Question(StreamId stream, String text, Optional<Instant> asOf, Optional<String> policy) {
    this(stream, text, asOf, policy, List.of(), Optional.empty());
  }

  public static Question of(StreamId stream, String text) {
    return new Question(stream, text, Optional.empty(), Optional.empty());
  }

  /** This question, resting on {@code these} spans alone. */
  public Question restingOn(List<Span> these) {
    return new Question(stream, text, asOf, policy, these, conversation);
  }

  /** This question as one of {@code conversation}. */
  public Question in(ConversationId conversation) {
    return new Question(stream, text, asOf, policy, spans, Optional.of(conversation));
  }
}
