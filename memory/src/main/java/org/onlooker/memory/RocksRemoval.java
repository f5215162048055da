package org.onlooker.memory;

import static org.onlooker.memory.RocksDatabase.Family.BLOCKS;
import static org.onlooker.memory.RocksDatabase.Family.GAPS;
import static org.onlooker.memory.RocksDatabase.Family.KEY_MEANS;

import java.util.Optional;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.Gap;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Removes a stretch of a stream: one batch hides all of it, then {@link RocksPurge} takes the bytes
 * out of the files.
 */
final class RocksRemoval {
  private final RocksDatabase database;
  private final RocksPurge purge;
  private final StreamTails tails;
  private final RocksConversationStore conversations;
  private final RocksRemarks remarks;

  /**
   * Sequences of a stretch.
   *
   * @param behind the first that stays
   * @param clear the first behind it whose block holds nothing of the stretch
   */
  private record Bounds(long first, long behind, long clear) {}

  RocksRemoval(
      RocksDatabase database,
      RocksPurge purge,
      StreamTails tails,
      RocksConversationStore conversations,
      RocksRemarks remarks) {
    this.database = database;
    this.purge = purge;
    this.tails = tails;
    this.conversations = conversations;
    this.remarks = remarks;
  }

  void remove(StreamId stream, Span stretch, int contextClips) {
    Bounds bounds = bounds(stream, stretch, contextClips);
    try {
      synchronized (database) { // or what is kept meanwhile could bring some of it back
        hide(stream, stretch, bounds);
      }
      purge.finish(stream);
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  private Bounds bounds(StreamId stream, Span stretch, int contextClips) {
    try (ClipCursor clips = new ClipCursor(database, stream)) {
      Optional<ClipEntry> entry = clips.firstEndingAfter(stretch.start());
      long first = entry.map(RocksRemoval::sequence).orElse(0L);
      long behind = first;
      while (entry.isPresent()
          && (entry.get().span().start().isBefore(stretch.end())
              || isRepeatOf(entry.get(), first, behind))) {
        behind = sequence(entry.get()) + 1;
        entry = clips.next();
      }
      long clear = behind;
      for (int left = contextClips; left > 0 && entry.isPresent(); entry = clips.next()) {
        clear = sequence(entry.get()) + 1;
        left -= entry.get().isRepeat() ? 0 : 1;
      }
      return new Bounds(first, behind, behind == first ? behind : clear);
    }
  }

  private static long sequence(ClipEntry entry) {
    return entry.key().sequence();
  }

  /** Repeats follow their original, with nothing but other repeats of it between. */
  private static boolean isRepeatOf(ClipEntry entry, long first, long behind) {
    long original = entry.original().sequence();
    return original >= first && original < behind;
  }

  private void hide(StreamId stream, Span stretch, Bounds bounds) throws RocksDBException {
    byte[] from = MemoryKeys.of(stream, bounds.first());
    byte[] behind = MemoryKeys.of(stream, bounds.behind());
    byte[] clear = MemoryKeys.of(stream, bounds.clear());
    try (WriteBatch batch = new WriteBatch()) {
      for (RocksDatabase.Family family : RocksDatabase.Family.values()) {
        boolean holdsContext = family == BLOCKS || family == KEY_MEANS;
        if (family.isOfClips()) {
          batch.deleteRange(database.handle(family), from, holdsContext ? clear : behind);
        }
      }
      hideGaps(batch, stream, stretch);
      remarks.hide(batch, stream, stretch);
      conversations.remove(batch, stream, stretch);
      tails.note(batch, stream);
      purge.note(batch, stream, new RocksPurge.Sequences(bounds.first(), bounds.clear()));
      database.write(batch);
    }
  }

  private void hideGaps(WriteBatch batch, StreamId stream, Span stretch) throws RocksDBException {
    try (RocksCursor gaps = database.cursor(GAPS, stream)) {
      for (boolean on = gaps.seek(0); on; on = gaps.next()) {
        Optional<Gap> gap = MemoryFormat.gap(gaps.key(), gaps.value());
        if (gap.filter(found -> stretch.holds(found.span())).isPresent()) {
          batch.delete(database.handle(GAPS), gaps.key());
        }
      }
    }
  }
}
