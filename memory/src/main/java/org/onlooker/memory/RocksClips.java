package org.onlooker.memory;

import static org.onlooker.memory.RocksDatabase.Family.BLOCKS;
import static org.onlooker.memory.RocksDatabase.Family.CLIPS;
import static org.onlooker.memory.RocksDatabase.Family.KEY_MEANS;
import static org.onlooker.memory.RocksDatabase.Family.STREAMS;
import static org.onlooker.memory.RocksDatabase.Family.THUMBNAILS;
import static org.onlooker.memory.RocksDatabase.Family.TOKENS;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.VisualTokens;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Reads single values of clips and streams; one that is not whole is absent and counted. */
final class RocksClips {
  private final RocksDatabase database;
  private final BlockFormat blocks;

  RocksClips(RocksDatabase database, BlockFormat blocks) {
    this.database = database;
    this.blocks = blocks;
  }

  Optional<ClipEntry> entry(ClipKey clip) {
    return find(CLIPS, clip, (key, value) -> MemoryFormat.clip(clip, key, value));
  }

  Optional<KvBlock> block(ClipKey clip) {
    byte[] key = key(clip);
    try (Arena arena = Arena.ofConfined()) {
      Optional<ByteBuffer> value = database.getNative(BLOCKS, key, arena);
      return value.flatMap(v -> database.whole(BLOCKS, key, blocks.decode(key, v)));
    }
  }

  Optional<VisualTokens> tokens(ClipKey clip) {
    return find(TOKENS, clip, MemoryFormat::tokens);
  }

  Optional<float[][]> keyMeans(ClipKey clip) {
    return find(KEY_MEANS, clip, MemoryFormat::keyMeans);
  }

  void scanKeyMeans(StreamId stream, long from, long to, MemoryStore.KeyMeansVisitor visitor) {
    try (RocksCursor means = database.cursor(KEY_MEANS, stream)) {
      for (boolean on = means.seek(from); on && means.number() < to; on = means.next()) {
        long sequence = means.number();
        database
            .whole(KEY_MEANS, means.key(), MemoryFormat.keyMeans(means.key(), means.value()))
            .ifPresent(found -> visitor.accept(sequence, found));
      }
    }
  }

  Optional<Jpeg> thumbnail(ClipKey clip) {
    return find(THUMBNAILS, clip, MemoryFormat::thumbnail);
  }

  /** The records of all streams, by name. */
  static List<StreamRecord> streams(RocksDatabase database) {
    List<StreamRecord> found = new ArrayList<>();
    try (RocksIterator streams = database.db().newIterator(database.handle(STREAMS))) {
      for (streams.seekToFirst(); streams.isValid(); streams.next()) {
        byte[] key = streams.key();
        database
            .whole(STREAMS, key, MemoryFormat.stream(key, streams.value()))
            .ifPresent(found::add);
      }
      streams.status();
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
    found.sort(Comparator.comparing(record -> record.spec().id().value()));
    return found;
  }

  /** The streams of which there are clips, found by one look for each. */
  List<StreamId> remembered() {
    List<StreamId> found = new ArrayList<>();
    try (RocksIterator clips = database.db().newIterator(database.handle(CLIPS))) {
      clips.seekToFirst();
      while (clips.isValid()) {
        byte[] key = clips.key();
        StreamId stream = MemoryKeys.streamOf(Arrays.copyOf(key, key.length - Long.BYTES));
        found.add(stream);
        clips.seek(MemoryKeys.behind(stream));
      }
      clips.status();
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
    return found;
  }

  /** Reads a value, given with its key; empty when it is not whole. */
  private interface Reading<T> {
    Optional<T> read(byte[] key, byte[] value);
  }

  private <T> Optional<T> find(RocksDatabase.Family family, ClipKey clip, Reading<T> reading) {
    byte[] key = key(clip);
    return database
        .get(family, key)
        .flatMap(value -> database.whole(family, key, reading.read(key, value)));
  }

  private static byte[] key(ClipKey clip) {
    return MemoryKeys.of(clip.stream(), clip.sequence());
  }
}
