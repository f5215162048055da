package org.onlooker.memory;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.onlooker.core.Conversation;
import org.onlooker.core.ConversationId;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.Turn;

/** Conversations that last as long as the process. */
final class HeapConversationStore implements ConversationStore {
  private final Map<ConversationId, Kept> conversations = new HashMap<>();
  private boolean closed;

  /** A conversation with its turns, oldest first. */
  private static final class Kept {
    private final Deque<Turn> turns = new ArrayDeque<>();
    private Conversation conversation;

    Kept(Conversation conversation) {
      this.conversation = conversation;
    }

    /** Drops the turns up to the last that is about a stretch; true when that was all. */
    boolean isLeftBare(Span stretch) {
      Optional<Turn> last =
          turns.reversed().stream().filter(turn -> turn.isAbout(stretch)).findFirst();
      while (last.isPresent() && turns.removeFirst() != last.get()) {
        // the next one
      }
      conversation = conversation.keeping(turns.size());
      return last.isPresent() && turns.isEmpty();
    }

    void add(Turn turn) {
      conversation = conversation.with(turn);
      turns.addLast(turn);
      while (turns.size() > conversation.turnCount()) {
        turns.removeFirst();
      }
    }
  }

  @Override
  public synchronized Conversation open(ConversationId id, StreamId stream, Instant at) {
    Optional<Conversation> found = find(id);
    if (found.isPresent()) {
      return found.get();
    }
    List<Conversation> kept = list(stream);
    kept.stream().skip(CONVERSATIONS_MAX - 1).forEach(oldest -> remove(oldest.id()));
    Conversation begun = Conversation.begun(id, stream, at);
    conversations.put(id, new Kept(begun));
    return begun;
  }

  @Override
  public synchronized Optional<Conversation> find(ConversationId id) {
    return kept(id).map(kept -> kept.conversation);
  }

  @Override
  public synchronized List<Conversation> list(StreamId stream) {
    requireOpen();
    return conversations.values().stream()
        .map(kept -> kept.conversation)
        .filter(conversation -> conversation.stream().equals(stream))
        .sorted(Conversation.NEWEST_FIRST)
        .toList();
  }

  @Override
  public synchronized List<Turn> turns(ConversationId id) {
    return kept(id).map(kept -> List.copyOf(kept.turns)).orElse(List.of());
  }

  @Override
  public synchronized Optional<Turn> newestTurn(ConversationId id) {
    return kept(id).flatMap(kept -> Optional.ofNullable(kept.turns.peekLast()));
  }

  @Override
  public synchronized boolean append(Conversation conversation, Turn turn) {
    Optional<Kept> found =
        kept(conversation.id()).filter(kept -> kept.conversation.is(conversation));
    found.ifPresent(kept -> kept.add(turn));
    return found.isPresent();
  }

  @Override
  public synchronized boolean remove(ConversationId id) {
    requireOpen();
    return conversations.remove(id) != null;
  }

  /** Removes each turn that is about a stretch, with those before it. */
  synchronized void remove(StreamId stream, Span stretch) {
    conversations
        .values()
        .removeIf(kept -> kept.conversation.stream().equals(stream) && kept.isLeftBare(stretch));
  }

  synchronized void removeStream(StreamId stream) {
    conversations.values().removeIf(kept -> kept.conversation.stream().equals(stream));
  }

  synchronized void close() {
    closed = true;
    conversations.clear();
  }

  private Optional<Kept> kept(ConversationId id) {
    requireOpen();
    return Optional.ofNullable(conversations.get(id));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("memory store is closed");
    }
  }
}
