package org.onlooker.memory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.onlooker.core.StreamId;
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
 * default family: after a crash in between, the next start removes what had come.
 */
final class RocksBackup {
  private static final String NOTE = "restore/";
  private static final String SCALES = "scales/";
  private static final long BATCH_BYTES = 1 << 20;

  private final RocksDatabase database;
  private final RocksPurge purge;

  RocksBackup(RocksDatabase database, RocksPurge purge) {
    this.database = database;
    this.purge = purge;
  }

  /** Makes a backup in {@code folder}, which must not exist. */
  void write(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.create(database.db())) {
      checkpoint.createCheckpoint(folder.toString());
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  /** Copies all that {@code backup} has of a stream, of which there is nothing here. */
  void restore(StreamId stream, RocksDatabase backup) {
    byte[] record = MemoryKeys.stream(stream);
    byte[] behind = MemoryKeys.behind(stream);
    byte[] tail = StreamTails.noteKey(stream);
    database.putDefault(note(stream), new byte[0]);
    copy(backup, backup.defaultHandle(), database.defaultHandle(), ascii(SCALES), after(SCALES));
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
      batch.delete(database.defaultHandle(), note(stream));
      database.write(batch);
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  /** Removes what had come of streams when a crash ended their restoring. */
  void removeInterrupted() {
    List<StreamId> interrupted = new ArrayList<>();
    try (RocksIterator notes = database.db().newIterator(database.defaultHandle())) {
      for (notes.seek(ascii(NOTE)); notes.isValid(); notes.next()) {
        String key = new String(notes.key(), StandardCharsets.US_ASCII);
        if (key.startsWith(NOTE)) {
          interrupted.add(new StreamId(key.substring(NOTE.length())));
        }
      }
      notes.status();
      for (StreamId stream : interrupted) {
        purge.remove(stream, true);
        database.db().delete(database.defaultHandle(), note(stream));
      }
    } catch (RocksDBException e) {
      throw database.failed(e);
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
          database.write(batch);
          batch.clear();
        }
      }
      values.status();
      database.write(batch);
    } catch (RocksDBException e) {
      throw backup.failed(e);
    }
  }

  private static byte[] note(StreamId stream) {
    return ascii(NOTE + stream.value());
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
