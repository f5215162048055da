package org.onlooker.memory;

import static org.onlooker.memory.RocksDatabase.Family.CONVERSATIONS;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.onlooker.core.Conversation;
import org.onlooker.core.ConversationId;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.Turn;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * Conversations in the database of a {@link RocksMemoryStore}, in a family of their own. A turn and
 * its conversation's head are one write batch, so that a turn is there or it is not; it is as
 * durable as a clip. {@link ConversationKeys} and {@link ConversationFormat} specify the form.
 *
 * <p>Nothing is kept in memory: a conversation is found by one look into each stream. Its removal
 * is out of sight at once; the bytes leave the files when RocksDB next compacts them.
 */
final class RocksConversationStore implements ConversationStore {
  private final RocksDatabase database;
  private final StoreGate gate;
  private final Runnable requireFreeSpace;

  /** @param requireFreeSpace throws when the disk has too little for a turn */
  RocksConversationStore(RocksDatabase database, StoreGate gate, Runnable requireFreeSpace) {
    this.database = database;
    this.gate = gate;
    this.requireFreeSpace = requireFreeSpace;
  }

  @Override
  public Conversation open(ConversationId id, StreamId stream, Instant at) {
    return exclusively(() -> head(id).map(ConversationFormat.Head::conversation).orElseGet(() -> {
      requireFreeSpace.run();
      Conversation begun = Conversation.begun(id, stream, at);
      byte[] key = ConversationKeys.of(stream, id, ConversationKeys.HEAD);
      try (WriteBatch batch = new WriteBatch()) {
        makeRoom(batch, stream);
        delete(batch, begun); // turns that a damaged head has left
        put(batch, key, ConversationFormat.head(key, new ConversationFormat.Head(begun, 1)));
        database.write(batch);
      } catch (RocksDBException e) {
        throw database.failed(e);
      }
      return begun;
    }));
  }

  private void makeRoom(WriteBatch batch, StreamId stream) throws RocksDBException {
    List<Conversation> kept = heads(stream);
    for (int last = kept.size() - 1; last >= CONVERSATIONS_MAX - 1; last--) {
      delete(batch, kept.get(last));
    }
  }

  @Override
  public Optional<Conversation> find(ConversationId id) {
    return exclusively(() -> head(id).map(ConversationFormat.Head::conversation));
  }

  @Override
  public List<Conversation> list(StreamId stream) {
    return exclusively(() -> heads(stream));
  }

  @Override
  public List<Turn> turns(ConversationId id) {
    return exclusively(() -> {
      List<Turn> turns = new ArrayList<>();
      head(id).ifPresent(head -> {
        StreamId stream = head.conversation().stream();
        for (long number = head.first(); number < head.next(); number++) {
          turn(ConversationKeys.of(stream, id, number)).ifPresent(turns::add);
        }
      });
      return turns;
    });
  }

  @Override
  public Optional<Turn> newestTurn(ConversationId id) {
    return exclusively(() -> head(id).flatMap(head -> {
      StreamId stream = head.conversation().stream();
      Optional<Turn> newest = Optional.empty();
      for (long n = head.next() - 1; newest.isEmpty() && n >= head.first(); n--) {
        newest = turn(ConversationKeys.of(stream, id, n));
      }
      return newest;
    }));
  }

  /** Empty, and counted, when it is damaged. */
  private Optional<Turn> turn(byte[] key) {
    return database.get(CONVERSATIONS, key).flatMap(value -> {
      Optional<Turn> turn = ConversationFormat.turn(key, value);
      if (turn.isEmpty()) {
        database.reportDamaged(CONVERSATIONS, key);
      }
      return turn;
    });
  }

  @Override
  public boolean append(Conversation conversation, Turn turn) {
    return exclusively(() -> {
      requireFreeSpace.run();
      Optional<ConversationFormat.Head> head =
          head(conversation.id()).filter(found -> found.conversation().is(conversation));
      head.ifPresent(found -> append(found, turn));
      return head.isPresent();
    });
  }

  private void append(ConversationFormat.Head head, Turn turn) {
    StreamId stream = head.conversation().stream();
    ConversationId id = head.conversation().id();
    byte[] headKey = ConversationKeys.of(stream, id, ConversationKeys.HEAD);
    byte[] turnKey = ConversationKeys.of(stream, id, head.next());
    ConversationFormat.Head longer = head.with(turn);
    try (WriteBatch batch = new WriteBatch()) {
      put(batch, turnKey, ConversationFormat.turn(turnKey, turn));
      put(batch, headKey, ConversationFormat.head(headKey, longer));
      for (long number = head.first(); number < longer.first(); number++) {
        batch.delete(database.handle(CONVERSATIONS), ConversationKeys.of(stream, id, number));
      }
      database.write(batch);
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  @Override
  public boolean remove(ConversationId id) {
    return exclusively(() -> {
      Optional<Conversation> found = head(id).map(ConversationFormat.Head::conversation);
      found.ifPresent(conversation -> {
        try (WriteBatch batch = new WriteBatch()) {
          delete(batch, conversation);
          database.write(batch);
        } catch (RocksDBException e) {
          throw database.failed(e);
        }
      });
      return found.isPresent();
    });
  }

  /**
   * Removes each turn that is about a stretch, with those before it; the caller writes {@code
   * batch} before it gives the database's monitor back.
   */
  void remove(WriteBatch batch, StreamId stream, Span stretch) throws RocksDBException {
    for (Conversation conversation : heads(stream)) {
      Optional<ConversationFormat.Head> head = head(conversation.id());
      if (head.isPresent()) {
        remove(batch, head.get(), stretch);
      }
    }
  }

  private void remove(WriteBatch batch, ConversationFormat.Head head, Span stretch)
      throws RocksDBException {
    StreamId stream = head.conversation().stream();
    ConversationId id = head.conversation().id();
    long kept = head.next();
    while (kept > head.first() && !isAbout(ConversationKeys.of(stream, id, kept - 1), stretch)) {
      kept--;
    }
    if (kept == head.first()) {
      return;
    }
    if (kept == head.next()) {
      delete(batch, head.conversation());
      return;
    }
    Conversation shorter = head.conversation().keeping((int) (head.next() - kept));
    byte[] key = ConversationKeys.of(stream, id, ConversationKeys.HEAD);
    put(
        batch,
        key,
        ConversationFormat.head(key, new ConversationFormat.Head(shorter, head.next())));
    batch.deleteRange(
        database.handle(CONVERSATIONS),
        ConversationKeys.of(stream, id, head.first()),
        ConversationKeys.of(stream, id, kept));
  }

  private boolean isAbout(byte[] key, Span stretch) {
    return turn(key).filter(turn -> turn.isAbout(stretch)).isPresent();
  }

  private void put(WriteBatch batch, byte[] key, byte[] value) throws RocksDBException {
    batch.put(database.handle(CONVERSATIONS), key, value);
  }

  private void delete(WriteBatch batch, Conversation conversation) throws RocksDBException {
    batch.deleteRange(
        database.handle(CONVERSATIONS),
        ConversationKeys.of(conversation.stream(), conversation.id(), ConversationKeys.HEAD),
        ConversationKeys.behind(conversation.stream(), conversation.id()));
  }

  /** Looks into each stream that has conversations. */
  private Optional<ConversationFormat.Head> head(ConversationId id) {
    try (RocksIterator keys = iterator()) {
      keys.seekToFirst();
      while (keys.isValid()) {
        StreamId stream = ConversationKeys.stream(keys.key());
        byte[] key = ConversationKeys.of(stream, id, ConversationKeys.HEAD);
        Optional<ConversationFormat.Head> head =
            database.get(CONVERSATIONS, key).flatMap(value -> whole(key, value));
        if (head.isPresent()) {
          return head;
        }
        keys.seek(MemoryKeys.behind(stream));
      }
      reportDamage(keys);
    }
    return Optional.empty();
  }

  /** A stream's conversations, newest first; their turns are stepped over. */
  private List<Conversation> heads(StreamId stream) {
    List<Conversation> found = new ArrayList<>();
    try (RocksIterator keys = iterator()) {
      keys.seek(MemoryKeys.stream(stream));
      while (keys.isValid() && ConversationKeys.stream(keys.key()).equals(stream)) {
        byte[] key = keys.key();
        if (MemoryKeys.number(key) == ConversationKeys.HEAD) {
          whole(key, keys.value()).ifPresent(head -> found.add(head.conversation()));
        }
        keys.seek(ConversationKeys.behind(key));
      }
      reportDamage(keys);
    }
    found.sort(Conversation.NEWEST_FIRST);
    return found;
  }

  private Optional<ConversationFormat.Head> whole(byte[] key, byte[] value) {
    Optional<ConversationFormat.Head> head = ConversationFormat.head(key, value);
    if (head.isEmpty()) {
      database.reportDamaged(CONVERSATIONS, key);
    }
    return head;
  }

  /** A damaged stretch ends a walk before its time: what lies behind it is left out. */
  private void reportDamage(RocksIterator keys) {
    try {
      keys.status();
    } catch (RocksDBException e) {
      if (!RocksDatabase.isDamage(e)) {
        throw database.failed(e);
      }
      database.reportDamaged(CONVERSATIONS, new byte[0]);
    }
  }

  private RocksIterator iterator() {
    return database.db().newIterator(database.handle(CONVERSATIONS));
  }

  /** What is read decides what is written, here and where a stream is removed. */
  private <T> T exclusively(Supplier<T> work) {
    return gate.whileOpen(() -> {
      synchronized (database) {
        return work.get();
      }
    });
  }
}
