package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Where each stream's next clip goes: one clip of a stream is appended at a time.
 *
 * <p>When the newest clips are removed, what is left does not tell any more; so a removal notes it
 * in the default family as {@code tail/<stream>}: i64 next sequence, i64 start and i64 end of the
 * newest span, big-endian.
 */
final class StreamTails {
  static final StreamNotes NOTES = new StreamNotes("tail/");

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

  /** Notes where the next clip goes, for the time when the newest are gone. */
  void note(WriteBatch batch, StreamId stream) throws RocksDBException {
    Tail tail = tail(stream);
    synchronized (tail) {
      ByteBuffer value = ByteBuffer.allocate(3 * Long.BYTES)
          .putLong(tail.nextSequence)
          .putLong(tail.newest.start().micros())
          .putLong(tail.newest.end().micros());
      batch.put(database.defaultHandle(), NOTES.key(stream), value.array());
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
    database.getDefault(NOTES.key(stream)).map(ByteBuffer::wrap).ifPresent(note -> {
      tail.nextSequence = note.getLong();
      tail.newest = new Span(new Pts(note.getLong()), new Pts(note.getLong()));
    });
    try (ClipCursor clips = new ClipCursor(database, stream)) {
      if (clips.lastSequence() >= tail.nextSequence) {
        tail.nextSequence = clips.lastSequence() + 1;
        clips.seekBack(Long.MAX_VALUE).ifPresent(entry -> tail.newest = entry.span());
      }
    }
    return tail;
  }
}
