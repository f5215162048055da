package org.onlooker.memory;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** Where each stream's next clip goes: one clip of a stream is appended at a time. */
final class StreamTails {
  private final RocksDatabase database;
  private final Map<StreamId, Tail> tails = new ConcurrentHashMap<>();

  /** Also the stream's lock for appending. */
  private static final class Tail {
    long nextSequence;
    Span newest = new Span(Pts.ZERO, Pts.ZERO);
  }

  StreamTails(RocksDatabase database) {
    this.database = database;
  }

  /** Writes a clip that comes behind all others of its stream. */
  void append(ClipEntry entry, Runnable write) {
    Tail tail = tail(entry.key().stream());
    synchronized (tail) {
      AppendOrder.check(entry, tail.nextSequence, tail.newest);
      write.run();
      tail.nextSequence = entry.key().sequence() + 1;
      tail.newest = entry.span();
    }
  }

  Optional<Pts> storedThrough(StreamId stream) {
    Tail tail = tail(stream);
    synchronized (tail) {
      return tail.nextSequence == 0 ? Optional.empty() : Optional.of(tail.newest.end());
    }
  }

  long nextSequence(StreamId stream) {
    Tail tail = tail(stream);
    synchronized (tail) {
      return tail.nextSequence;
    }
  }

  void forget(StreamId stream) {
    tails.remove(stream);
  }

  private Tail tail(StreamId stream) {
    return tails.computeIfAbsent(stream, this::read);
  }

  private Tail read(StreamId stream) {
    Tail tail = new Tail();
    try (ClipCursor clips = new ClipCursor(database, stream)) {
      tail.nextSequence = clips.lastSequence() + 1;
      clips.seekBack(Long.MAX_VALUE).ifPresent(entry -> tail.newest = entry.span());
    }
    return tail;
  }
}
