package org.onlooker.memory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/**
 * Copies of a memory, made while it is in use, and streams brought back from them.
 *
 * <p>A backup is a checkpoint: a database of its own whose table files are hard links where the
 * disk allows it, so that it takes a moment and, at first, no room. A stream comes back value by
 * value, as it lies there, its record last. Until then {@code restore/<stream>} is noted in the
 * default family: after a crash in between, the next start removes what had come. Nothing is
 * written into a backup that is read.
 */
final class RocksBackup {
  private static final StreamNotes NOTES = new StreamNotes("restore/");
  private static final long BATCH_BYTES = 1 << 20;

  private final RocksDatabase database;
  private final RocksPurge purge;
  private final StreamTails tails;
  private final RocksOptions options;
  private final Runnable requireFreeSpace;
  /** Its monitor is held where a stream's coming, or its record, is decided. */
  private final Set<StreamId> coming = new HashSet<>();

  /** @param requireFreeSpace throws when the disk has too little */
  RocksBackup(
      RocksDatabase database,
      RocksPurge purge,
      StreamTails tails,
      RocksOptions options,
      Runnable requireFreeSpace) {
    this.database = database;
    this.purge = purge;
    this.tails = tails;
    this.options = options;
    this.requireFreeSpace = requireFreeSpace;
  }

  /** Makes a backup in {@code folder}, which must not exist. */
  void write(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.create(database.db())) {
      checkpoint.createCheckpoint(folder.toString());
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  /** As {@link org.onlooker.core.MemoryStore#restore}. */
  void restoreAll(Path folder, Consumer<StreamRecord> restored) {
    try (RocksDatabase backup = RocksDatabase.readOnly(folder, options)) {
      for (StreamRecord stream : RocksClips.streams(backup)) {
        StreamId id = stream.spec().id();
        if (begin(id)) {
          try {
            restore(id, backup);
            restored.accept(stream);
          } finally {
            end(id);
          }
        }
      }
    }
  }

  /** Whether there is no clip of a stream here, and none to come; if so, it comes from now on. */
  private boolean begin(StreamId stream) {
    synchronized (coming) {
      try (ClipCursor clips = new ClipCursor(database, stream)) {
        boolean nothing = clips.seek(0).isEmpty()
            && database
                .get(RocksDatabase.Family.STREAMS, MemoryKeys.stream(stream))
                .isEmpty();
        return nothing && coming.add(stream);
      }
    }
  }

  /** Those of {@code streams} that are whole. */
  List<StreamId> whole(List<StreamId> streams) {
    synchronized (coming) {
      return streams.stream().filter(stream -> !coming.contains(stream)).toList();
    }
  }

  private void end(StreamId stream) {
    synchronized (coming) {
      coming.remove(stream);
    }
  }

  /** Runs {@code put}, which puts a stream's record here. */
  void unlessComing(StreamId stream, Runnable put) {
    synchronized (coming) {
      if (coming.contains(stream)) {
        throw new StoreException(
            StoreException.Reason.FAILED,
            "stream \"" + stream + "\" is coming from a backup; wait until it is there");
      }
      put.run();
    }
  }

  /** Copies all that {@code backup} has of a stream; when it cannot, nothing stays here. */
  private void restore(StreamId stream, RocksDatabase backup) {
    database.putDefault(NOTES.key(stream), new byte[0]);
    try {
      purge.remove(stream, true); // gaps or talks of an earlier one of that name may be left
      copy(stream, backup);
    } catch (RuntimeException e) {
      removeAfter(e, stream);
      throw e;
    } finally {
      tails.forget(stream);
    }
  }

  /** What is not removed here, for want of time before the process ends, the next start removes. */
  private void removeAfter(RuntimeException failure, StreamId stream) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    try {
      purge.remove(stream, true);
      database.deleteDefault(NOTES.key(stream));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void copy(StreamId stream, RocksDatabase backup) {
    byte[] record = MemoryKeys.stream(stream);
    byte[] behind = MemoryKeys.behind(stream);
    byte[] tail = StreamTails.NOTES.key(stream);
    copy(
        backup,
        backup.defaultHandle(),
        database.defaultHandle(),
        ascii(KnownScales.PREFIX),
        after(KnownScales.PREFIX));
    for (RocksDatabase.Family family : RocksDatabase.Family.values()) {
      if (family != RocksDatabase.Family.STREAMS) {
        copy(backup, backup.handle(family), database.handle(family), record, behind);
      }
    }
    try (WriteBatch batch = new WriteBatch()) {
      for (byte[] value : backup.getDefault(tail).stream().toList()) {
        batch.put(database.defaultHandle(), tail, value);
      }
      for (byte[] value :
          backup.get(RocksDatabase.Family.STREAMS, record).stream().toList()) {
        batch.put(database.handle(RocksDatabase.Family.STREAMS), record, value);
      }
      batch.delete(database.defaultHandle(), NOTES.key(stream));
      database.write(batch);
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  /** Removes what had come of streams when a crash ended their restoring. */
  void removeInterrupted() {
    for (StreamId stream : NOTES.streams(database)) {
      purge.remove(stream, true);
      database.deleteDefault(NOTES.key(stream));
    }
  }

  private void copy(
      RocksDatabase backup,
      ColumnFamilyHandle from,
      ColumnFamilyHandle to,
      byte[] first,
      byte[] behind) {
    try (Slice lower = new Slice(first);
        Slice upper = new Slice(behind);
        ReadOptions options =
            new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
        RocksIterator values = backup.db().newIterator(from, options);
        WriteBatch batch = new WriteBatch()) {
      for (values.seekToFirst(); values.isValid(); values.next()) {
        batch.put(to, values.key(), values.value());
        if (batch.getDataSize() > BATCH_BYTES) {
          write(batch);
          batch.clear();
        }
      }
      values.status();
      write(batch);
    } catch (RocksDBException e) {
      throw backup.failed(e);
    }
  }

  private void write(WriteBatch batch) {
    if (Thread.currentThread().isInterrupted()) {
      throw new StoreException(
          StoreException.Reason.FAILED, "it was interrupted; restore the backup again");
    }
    requireFreeSpace.run();
    database.write(batch);
  }

  /** The first key behind all that begin with {@code prefix}. */
  private static byte[] after(String prefix) {
    byte[] key = ascii(prefix);
    key[key.length - 1]++;
    return key;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
