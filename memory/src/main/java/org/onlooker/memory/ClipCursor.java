package org.onlooker.memory;

import java.util.Optional;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamId;

/** Walks a stream's whole entries in time order; entries that are not whole are stepped over. */
final class ClipCursor implements AutoCloseable {
  private final RocksDatabase database;
  private final StreamId stream;
  private final RocksCursor cursor;

  ClipCursor(RocksDatabase database, StreamId stream) {
    this.database = database;
    this.stream = stream;
    this.cursor = database.cursor(RocksDatabase.Family.CLIPS, stream);
  }

  /** Of the last clip, whole or not; -1 without clips. */
  long lastSequence() {
    return cursor.seekBack(Long.MAX_VALUE) ? cursor.number() : -1;
  }

  Optional<ClipEntry> seek(long sequence) {
    return forward(cursor.seek(sequence));
  }

  Optional<ClipEntry> seekBack(long sequence) {
    return backward(cursor.seekBack(sequence));
  }

  Optional<ClipEntry> next() {
    return forward(cursor.next());
  }

  Optional<ClipEntry> previous() {
    return backward(cursor.previous());
  }

  /** The first entry that ends after {@code pts}, by bisection: ends rise with sequences. */
  Optional<ClipEntry> firstEndingAfter(Pts pts) {
    return seek(firstSequenceEndingAfter(pts));
  }

  Optional<ClipEntry> lastEndingBy(Pts pts) {
    long behind = firstSequenceEndingAfter(pts);
    return behind == 0 ? Optional.empty() : seekBack(behind - 1);
  }

  private long firstSequenceEndingAfter(Pts pts) {
    long low = seek(0).map(entry -> entry.key().sequence()).orElse(0L);
    long high = lastSequence() + 1;
    while (low < high) {
      long middle = low + (high - low) / 2;
      Optional<ClipEntry> entry = seek(middle);
      if (entry.isEmpty() || pts.isBefore(entry.get().span().end())) {
        high = middle;
      } else {
        low = entry.get().key().sequence() + 1;
      }
    }
    return low;
  }

  private Optional<ClipEntry> forward(boolean valid) {
    for (boolean on = valid; on; on = cursor.next()) {
      Optional<ClipEntry> entry = read();
      if (entry.isPresent()) {
        return entry;
      }
    }
    return Optional.empty();
  }

  private Optional<ClipEntry> backward(boolean valid) {
    for (boolean on = valid; on; on = cursor.previous()) {
      Optional<ClipEntry> entry = read();
      if (entry.isPresent()) {
        return entry;
      }
    }
    return Optional.empty();
  }

  private Optional<ClipEntry> read() {
    byte[] key = cursor.key();
    ClipKey clip = new ClipKey(stream, cursor.number());
    Optional<ClipEntry> entry = MemoryFormat.clip(clip, key, cursor.value());
    if (entry.isEmpty()) {
      database.reportDamaged(RocksDatabase.Family.CLIPS, key);
    }
    return entry;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
