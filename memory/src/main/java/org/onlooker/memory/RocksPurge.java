package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.onlooker.core.StreamId;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Removes a stream, or a stretch of it, so that its bytes are gone from the files, not only from
 * sight.
 *
 * <p>One batch hides all values and notes {@code purge/<stream>} in the default family; then
 * memtables are flushed (of all families, or the write-ahead log stays) and the range compacted;
 * then the note goes. After a crash in between, the note lets the next start finish. Its value is
 * empty for a whole stream, else the first sequence and the one behind the last, big-endian; a note
 * that was left covers both then. What may stay for a while is the stream's name, in RocksDB's
 * manifest of file bounds.
 */
final class RocksPurge {
  private static final StreamNotes NOTES = new StreamNotes("purge/");
  private final RocksDatabase database;

  /** Sequences from {@code from} to the one before {@code to}. */
  record Sequences(long from, long to) {
    Sequences and(Sequences other) {
      return new Sequences(Math.min(from, other.from), Math.max(to, other.to));
    }
  }

  private static final Sequences ALL = new Sequences(0, Long.MAX_VALUE);

  RocksPurge(RocksDatabase database) {
    this.database = database;
  }

  void remove(StreamId stream, boolean memory) {
    try {
      hide(stream, memory);
      if (memory) {
        compact(stream, ALL);
      }
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  /** The first half of a removal; {@link #finishInterrupted} can do the other. */
  void hide(StreamId stream, boolean memory) throws RocksDBException {
    byte[] record = MemoryKeys.stream(stream);
    try (WriteBatch batch = new WriteBatch()) {
      batch.delete(database.handle(RocksDatabase.Family.STREAMS), record);
      if (memory) {
        for (RocksDatabase.Family family : RocksDatabase.Family.values()) {
          batch.deleteRange(database.handle(family), record, MemoryKeys.behind(stream));
        }
        batch.delete(database.defaultHandle(), StreamTails.NOTES.key(stream));
        batch.put(database.defaultHandle(), NOTES.key(stream), new byte[0]);
      }
      synchronized (database) { // or an answer being kept could bring its conversation back
        database.write(batch);
      }
    }
  }

  /** Finishes removals that a crash interrupted. */
  void finishInterrupted() {
    try {
      for (StreamId stream : NOTES.streams(database)) {
        compact(stream, left(stream).orElse(ALL));
      }
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  /** What a removal that did not finish still has to compact. */
  private Optional<Sequences> left(StreamId stream) {
    return database
        .getDefault(NOTES.key(stream))
        .map(value -> value.length == 0
            ? ALL
            : new Sequences(
                ByteBuffer.wrap(value).getLong(), ByteBuffer.wrap(value).getLong(Long.BYTES)));
  }

  /** Adds to a batch that hides clips what lets {@link #finish} be done after a crash. */
  void note(WriteBatch batch, StreamId stream, Sequences clips) throws RocksDBException {
    Sequences all = left(stream).map(clips::and).orElse(clips);
    byte[] value = ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(all.from())
        .putLong(all.to())
        .array();
    batch.put(database.defaultHandle(), NOTES.key(stream), value);
  }

  /** The second half of a removal that was noted: its bytes leave the files. */
  void finish(StreamId stream) throws RocksDBException {
    compact(stream, left(stream).orElse(ALL));
  }

  private void compact(StreamId stream, Sequences clips) throws RocksDBException {
    database.db().disableFileDeletions();
    try (CompactRangeOptions options = new CompactRangeOptions()
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForce)
            .setExclusiveManualCompaction(false);
        FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
      database.db().flush(flush, database.handles());
      for (RocksDatabase.Family family : RocksDatabase.Family.values()) {
        boolean part = family.isOfClips() && !clips.equals(ALL);
        byte[] from = part ? MemoryKeys.of(stream, clips.from()) : MemoryKeys.stream(stream);
        byte[] to = part ? MemoryKeys.of(stream, clips.to()) : MemoryKeys.behind(stream);
        database.db().compactRange(database.handle(family), from, to, options);
      }
      database.db().delete(database.defaultHandle(), NOTES.key(stream));
    } finally {
      database.db().enableFileDeletions(); // deletes what is obsolete before it returns
    }
  }
}
