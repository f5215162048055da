package org.onlooker.memory;

import static org.onlooker.memory.RocksDatabase.Family.BLOCKS;
import static org.onlooker.memory.RocksDatabase.Family.CLIPS;
import static org.onlooker.memory.RocksDatabase.Family.KEY_MEANS;
import static org.onlooker.memory.RocksDatabase.Family.TOKENS;

import java.lang.foreign.Arena;
import java.util.List;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.KvBlock;
import org.onlooker.core.StreamId;
import org.onlooker.core.Tier;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Gives up and takes back what is kept of clips beside their entries.
 *
 * <p>A stretch is given up by one range tombstone for each family, all in one batch, so that it
 * costs the same for an hour as for a month and a crash leaves every clip in one tier or the other.
 * Files that hold nothing else are deleted at once; the rest goes when RocksDB compacts. A file
 * deleted so may hold an earlier tombstone, but only for keys that the new one hides too.
 */
final class RocksTiers {
  private final RocksDatabase database;
  private final BlockCodec codec;

  RocksTiers(RocksDatabase database, BlockCodec codec) {
    this.database = database;
    this.codec = codec;
  }

  void demote(StreamId stream, Tier tier, long from, long to) {
    List<RocksDatabase.Family> given = givenUp(tier);
    byte[] first = MemoryKeys.of(stream, from);
    byte[] behind = MemoryKeys.of(stream, to);
    try (WriteBatch batch = new WriteBatch()) {
      for (RocksDatabase.Family family : given) {
        batch.deleteRange(database.handle(family), first, behind);
      }
      database.write(batch);
      for (RocksDatabase.Family family : given) {
        database.db().deleteFilesInRanges(database.handle(family), List.of(first, behind), false);
      }
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  private static List<RocksDatabase.Family> givenUp(Tier tier) {
    return switch (tier) {
      case BLOCK -> List.of();
      case TOKENS -> List.of(BLOCKS, KEY_MEANS);
      case CAPTION -> List.of(BLOCKS, KEY_MEANS, TOKENS);
    };
  }

  boolean promote(ClipEntry clip, KvBlock block) {
    byte[] key = MemoryKeys.of(clip.key().stream(), clip.key().sequence());
    synchronized (database) { // or a clip being removed could come back in part
      boolean there = database
          .get(CLIPS, key)
          .flatMap(value -> MemoryFormat.clip(clip.key(), key, value))
          .filter(clip::isSameClip)
          .isPresent();
      if (there) {
        write(key, block);
      }
      return there;
    }
  }

  private void write(byte[] key, KvBlock block) {
    try (WriteBatch batch = new WriteBatch();
        Arena arena = Arena.ofConfined()) {
      batch.put(
          database.handle(BLOCKS),
          RocksDatabase.nativeCopy(key, arena),
          BlockFormat.encode(block, codec, key, arena));
      batch.put(database.handle(KEY_MEANS), key, MemoryFormat.keyMeans(key, block.keyMeans()));
      database.write(batch);
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }
}
