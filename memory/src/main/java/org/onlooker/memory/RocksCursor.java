package org.onlooker.memory;

import org.onlooker.core.StreamId;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Walks one stream's values of one family in order of their numbers. Damaged stretches are counted
 * and stepped over: first number by number, then in growing steps.
 */
final class RocksCursor implements AutoCloseable {
  private static final int SINGLE_STEPS = 64;
  private final RocksDatabase database;
  private final RocksDatabase.Family family;
  private final StreamId stream;
  private final Slice lower;
  private final Slice upper;
  private final ReadOptions options;
  private final RocksIterator iterator;

  RocksCursor(RocksDatabase database, RocksDB db, RocksDatabase.Family family, StreamId stream) {
    this.database = database;
    this.family = family;
    this.stream = stream;
    this.lower = new Slice(MemoryKeys.of(stream, 0));
    this.upper = new Slice(MemoryKeys.behind(stream));
    this.options = new ReadOptions().setIterateLowerBound(lower).setIterateUpperBound(upper);
    this.iterator = db.newIterator(database.handle(family), options);
  }

  /** Moves to the first value at or after {@code number}; false when there is none. */
  boolean seek(long number) {
    iterator.seek(MemoryKeys.of(stream, number));
    return iterator.isValid() || stepOver(number, 1);
  }

  /** Moves to the last value at or before {@code number}; false when there is none. */
  boolean seekBack(long number) {
    iterator.seekForPrev(MemoryKeys.of(stream, number));
    return iterator.isValid() || stepOver(number, -1);
  }

  boolean next() {
    long number = number();
    iterator.next();
    return iterator.isValid() || stepOver(number, 1);
  }

  boolean previous() {
    long number = number();
    iterator.prev();
    return iterator.isValid() || stepOver(number, -1);
  }

  long number() {
    return MemoryKeys.number(iterator.key());
  }

  byte[] key() {
    return iterator.key();
  }

  byte[] value() {
    return iterator.value();
  }

  private boolean stepOver(long from, int direction) {
    if (!isDamaged()) {
      return false;
    }
    database.reportDamaged(family, MemoryKeys.of(stream, from));
    long number = from;
    long step = 1;
    for (int steps = 0; isDamaged(); steps++) {
      step = steps < SINGLE_STEPS ? 1 : step * 2;
      if (direction > 0 ? number > Long.MAX_VALUE - step : number < step) {
        return false;
      }
      number += direction * step;
      byte[] key = MemoryKeys.of(stream, number);
      if (direction > 0) {
        iterator.seek(key);
      } else {
        iterator.seekForPrev(key);
      }
    }
    return iterator.isValid();
  }

  private boolean isDamaged() {
    try {
      iterator.status();
      return false;
    } catch (RocksDBException e) {
      if (RocksDatabase.isDamage(e)) {
        return true;
      }
      throw database.failed(e);
    }
  }

  @Override
  public void close() {
    iterator.close();
    options.close();
    lower.close();
    upper.close();
  }
}
