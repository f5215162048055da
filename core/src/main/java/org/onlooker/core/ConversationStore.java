package org.onlooker.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was asked and answered, by conversation. Safe for use by several threads. Opened, closed and
 * made durable with the {@link MemoryStore} that it belongs to, which also removes a stream's
 * conversations with its memory.
 */
public interface ConversationStore {
  /** Conversations kept of one stream; the one least recently asked in makes room for a new one. */
  int CONVERSATIONS_MAX = 256;

  /** Turns kept of one conversation; the oldest makes room for a new one. */
  int TURNS_MAX = 64;

  /**
   * The conversation of that id, which may be about another stream; begun when there is none.
   *
   * @param at when it begins
   */
  Conversation open(ConversationId id, StreamId stream, Instant at);

  Optional<Conversation> find(ConversationId id);

  /** Of one stream, the one most recently asked in first. */
  List<Conversation> list(StreamId stream);

  /** Oldest first; none of a conversation that does not exist. */
  List<Turn> turns(ConversationId id);

  /** The last of the {@link #turns}, without reading the others. */
  Optional<Turn> newestTurn(ConversationId id);

  /**
   * Adds a turn behind the others.
   *
   * @param conversation as it was opened
   * @return false when it was removed since then: the turn is not kept, and nothing comes back
   */
  boolean append(Conversation conversation, Turn turn);

  /** Removes a conversation with its turns; false when there is none. */
  boolean remove(ConversationId id);
}
