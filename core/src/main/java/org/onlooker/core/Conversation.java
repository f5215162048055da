package org.onlooker.core;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;

/**
 * A dialogue about one stream.
 *
 * @param title its first question, cut; empty until that is answered
 * @param turnCount turns that are kept
 * @param createdAt with the id, tells it from an earlier one of the same name; to the millisecond
 * @param updatedAt when its newest question was asked; to the millisecond
 */
public record Conversation(
    ConversationId id,
    StreamId stream,
    String title,
    int turnCount,
    Instant createdAt,
    Instant updatedAt) {
  private static final int TITLE_LENGTH_MAX = 120;

  /** The one most recently asked in first; a total order. */
  public static final Comparator<Conversation> NEWEST_FIRST = Comparator.comparing(
          Conversation::updatedAt)
      .reversed()
      .thenComparing(conversation -> conversation.id().value());

  public Conversation {
    createdAt = createdAt.truncatedTo(ChronoUnit.MILLIS);
    updatedAt = updatedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /** A conversation without turns. */
  public static Conversation begun(ConversationId id, StreamId stream, Instant at) {
    return new Conversation(id, stream, "", 0, at, at);
  }

  /** This conversation with {@code turn} as its newest. */
  public Conversation with(Turn turn) {
    return new Conversation(
        id,
        stream,
        title.isEmpty() ? cut(turn.question().text()) : title,
        Math.min(turnCount + 1, ConversationStore.TURNS_MAX),
        createdAt,
        turn.askedAt().isAfter(updatedAt) ? turn.askedAt() : updatedAt);
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= TITLE_LENGTH_MAX
        ? text
        : text.substring(0, text.offsetByCodePoints(0, TITLE_LENGTH_MAX - 1)) + "…";
  }

  /** With only the newest {@code turns}. */
  public Conversation keeping(int turns) {
    return new Conversation(id, stream, title, turns, createdAt, updatedAt);
  }

  /** Whether this is {@code other}, perhaps with other turns. */
  public boolean is(Conversation other) {
    return id.equals(other.id) && stream.equals(other.stream) && createdAt.equals(other.createdAt);
  }
}
