package org.onlooker.memory;

import static org.onlooker.memory.RocksDatabase.Family.BLOCKS;
import static org.onlooker.memory.RocksDatabase.Family.CLIPS;
import static org.onlooker.memory.RocksDatabase.Family.GAPS;
import static org.onlooker.memory.RocksDatabase.Family.KEY_MEANS;
import static org.onlooker.memory.RocksDatabase.Family.REMARKS;
import static org.onlooker.memory.RocksDatabase.Family.STREAMS;
import static org.onlooker.memory.RocksDatabase.Family.THUMBNAILS;
import static org.onlooker.memory.RocksDatabase.Family.TOKENS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.Gap;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Pts;
import org.onlooker.core.Remark;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.Tier;
import org.onlooker.core.VisualTokens;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The durable memory. A clip with all its parts is one write batch in RocksDB's write-ahead log, so
 * it is there or it is not; the log is written to the system before {@link #append} returns, which
 * outlives kill -9, and to the disk with {@link RocksOptions#sync}, which outlives power loss.
 *
 * <p>A value that is not whole is absent, logged and counted, never served. {@link MemoryKeys},
 * {@link ValueFrame}, {@link MemoryFormat} and {@link BlockFormat} specify the form on disk.
 */
public final class RocksMemoryStore implements MemoryStore {
  /** Kept free whatever the options say: RocksDB does not recover when its log meets the end. */
  private static final long RESERVE_BYTES = 4 << 20;

  private final Path folder;
  private final RocksOptions options;
  private final FolderLock lock;
  private final RocksDatabase database;
  private final RocksPurge purge;
  private final RocksRemoval removal;
  private final RocksTiers tiers;
  private final StreamTails tails;
  private final StoreGate gate;
  private final RocksClips clips;
  private final RocksBackup backup;
  private final RocksConversationStore conversations;
  private final RocksRemarks remarks;

  private RocksMemoryStore(
      Path folder, RocksOptions options, FolderLock lock, RocksDatabase database) {
    this.folder = folder;
    this.options = options;
    this.lock = lock;
    this.database = database;
    this.purge = new RocksPurge(database);
    this.tiers = new RocksTiers(database, options.codec());
    this.tails = new StreamTails(database);
    BlockFormat blocks = new BlockFormat(KnownScales.of(database, options.codec()));
    this.clips = new RocksClips(database, blocks);
    this.backup = new RocksBackup(database, purge, tails, options, this::requireFreeSpace);
    this.gate = new StoreGate(folder);
    this.conversations = new RocksConversationStore(database, gate, this::requireFreeSpace);
    this.remarks = new RocksRemarks(database);
    this.removal = new RocksRemoval(database, purge, tails, conversations, remarks);
  }

  /**
   * Opens the memory in {@code folder}, which is made when it is absent.
   *
   * @param natives folder where RocksDB's library is unpacked, once for all starts
   * @throws StoreException when another process has it, it has another format, or it fails
   */
  public static RocksMemoryStore open(Path folder, Path natives, RocksOptions options) {
    RocksNative.load(natives);
    FolderLock lock = FolderLock.take(folder);
    try {
      RocksDatabase database = new RocksDatabase(folder, options);
      return open(folder, options, lock, database);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static RocksMemoryStore open(
      Path folder, RocksOptions options, FolderLock lock, RocksDatabase database) {
    try {
      RocksMemoryStore store = new RocksMemoryStore(folder, options, lock, database);
      store.purge.finishInterrupted();
      store.backup.removeInterrupted();
      return store;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public void append(Memory memory, KvBlock block) {
    append(memory.entry(), () -> write(memory, block));
  }

  @Override
  public void appendRepeat(ClipEntry entry) {
    byte[] key = key(entry.key());
    append(entry, () -> put(CLIPS, key, MemoryFormat.clip(key, entry)));
  }

  private void append(ClipEntry entry, Runnable write) {
    gate.doing(() -> {
      requireFreeSpace();
      tails.append(entry, write);
    });
  }

  private void write(Memory memory, KvBlock block) {
    byte[] key = key(memory.key());
    try (WriteBatch batch = new WriteBatch();
        Arena arena = Arena.ofConfined()) {
      ByteBuffer value = BlockFormat.encode(block, options.codec(), key, arena);
      batch.put(database.handle(BLOCKS), RocksDatabase.nativeCopy(key, arena), value);
      batch.put(database.handle(CLIPS), key, MemoryFormat.clip(key, memory.entry()));
      batch.put(database.handle(TOKENS), key, MemoryFormat.tokens(key, memory.tokens()));
      batch.put(database.handle(KEY_MEANS), key, MemoryFormat.keyMeans(key, memory.keyMeans()));
      batch.put(database.handle(THUMBNAILS), key, MemoryFormat.thumbnail(key, memory.thumbnail()));
      database.write(batch);
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
  }

  private void requireFreeSpace() {
    try {
      long usable = Files.getFileStore(folder).getUsableSpace();
      long least = Math.max(options.freeBytesMin(), RESERVE_BYTES);
      if (usable < least) {
        throw new StoreException(
            StoreException.Reason.DISK_LOW,
            "disk of " + folder + " has " + (usable >> 20) + " MiB left and " + (least >> 20)
                + " MiB must stay free: nothing new is remembered; free some space");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Pts> storedThrough(StreamId stream) {
    return whileOpen(() -> tails.storedThrough(stream));
  }

  @Override
  public long nextSequence(StreamId stream) {
    return whileOpen(() -> tails.nextSequence(stream));
  }

  @Override
  public List<ClipEntry> entries(StreamId stream, Span span) {
    return whileOpen(() -> {
      List<ClipEntry> found = new ArrayList<>();
      try (ClipCursor clips = new ClipCursor(database, stream)) {
        Optional<ClipEntry> entry = clips.firstEndingAfter(span.start());
        while (entry.isPresent() && entry.get().span().start().isBefore(span.end())) {
          found.add(entry.get());
          entry = clips.next();
        }
      }
      found.removeIf(entry -> !entry.span().overlaps(span));
      return found;
    });
  }

  @Override
  public List<ClipEntry> newest(StreamId stream, Pts asOf, int limit) {
    return whileOpen(() -> {
      List<ClipEntry> found = new ArrayList<>();
      try (ClipCursor clips = new ClipCursor(database, stream)) {
        Optional<ClipEntry> entry = clips.lastEndingBy(asOf);
        while (entry.isPresent() && found.size() < limit) {
          found.add(entry.get());
          entry = clips.previous();
        }
      }
      Collections.reverse(found);
      return found;
    });
  }

  @Override
  public List<ClipEntry> entriesFrom(StreamId stream, long sequence, int limit) {
    return whileOpen(() -> {
      List<ClipEntry> found = new ArrayList<>();
      try (ClipCursor clips = new ClipCursor(database, stream)) {
        Optional<ClipEntry> entry = clips.seek(sequence);
        while (entry.isPresent() && found.size() < limit) {
          found.add(entry.get());
          entry = clips.next();
        }
      }
      return found;
    });
  }

  @Override
  public Optional<ClipEntry> entry(ClipKey clip) {
    return whileOpen(() -> clips.entry(clip));
  }

  @Override
  public Optional<KvBlock> block(ClipKey clip) {
    return whileOpen(() -> clips.block(clip));
  }

  @Override
  public Optional<VisualTokens> tokens(ClipKey clip) {
    return whileOpen(() -> clips.tokens(clip));
  }

  @Override
  public Optional<float[][]> keyMeans(ClipKey clip) {
    return whileOpen(() -> clips.keyMeans(clip));
  }

  @Override
  public void scanKeyMeans(StreamId stream, long from, long to, KeyMeansVisitor visitor) {
    gate.doing(() -> clips.scanKeyMeans(stream, from, to, visitor));
  }

  @Override
  public Optional<Jpeg> thumbnail(ClipKey clip) {
    return whileOpen(() -> clips.thumbnail(clip));
  }

  @Override
  public void demote(StreamId stream, Tier tier, long from, long to) {
    gate.doing(() -> tiers.demote(stream, tier, from, to));
  }

  @Override
  public boolean promote(ClipEntry clip, KvBlock block) {
    return whileOpen(() -> tiers.promote(clip, block));
  }

  @Override
  public void remove(StreamId stream, Span stretch, int contextClips) {
    gate.doing(() -> removal.remove(stream, stretch, contextClips));
  }

  @Override
  public void appendGap(StreamId stream, Gap gap) {
    byte[] key = MemoryKeys.of(stream, gap.span().start().micros());
    put(GAPS, key, MemoryFormat.gap(key, gap));
  }

  @Override
  public List<Gap> gaps(StreamId stream, Span span) {
    return whileOpen(() -> {
      List<Gap> found = new ArrayList<>();
      try (RocksCursor gaps = database.cursor(GAPS, stream)) {
        for (boolean on = gaps.seek(0); on && isBefore(gaps, span.end()); on = gaps.next()) {
          database
              .whole(GAPS, gaps.key(), MemoryFormat.gap(gaps.key(), gaps.value()))
              .filter(gap -> gap.span().overlaps(span))
              .ifPresent(found::add);
        }
      }
      return found;
    });
  }

  private static boolean isBefore(RocksCursor gaps, Pts end) {
    return gaps.number() < end.micros();
  }

  @Override
  public void appendRemark(Remark remark) {
    byte[] key = RocksRemarks.key(remark);
    put(REMARKS, key, RocksRemarks.value(key, remark));
  }

  @Override
  public List<Remark> remarks(StreamId stream, Span span, int limit) {
    return whileOpen(() -> remarks.list(stream, span, limit));
  }

  @Override
  public void putStream(StreamRecord stream) {
    byte[] key = MemoryKeys.stream(stream.spec().id());
    backup.unlessComing(
        stream.spec().id(), () -> put(STREAMS, key, MemoryFormat.stream(key, stream)));
  }

  @Override
  public List<StreamRecord> streams() {
    return whileOpen(() -> RocksClips.streams(database));
  }

  @Override
  public List<StreamId> remembered() {
    return whileOpen(() -> backup.whole(clips.remembered()));
  }

  private void put(RocksDatabase.Family family, byte[] key, byte[] value) {
    gate.doing(() -> {
      requireFreeSpace();
      try (WriteBatch batch = new WriteBatch()) {
        batch.put(database.handle(family), key, value);
        database.write(batch);
      } catch (RocksDBException e) {
        throw database.failed(e);
      }
    });
  }

  @Override
  public ConversationStore conversations() {
    return conversations;
  }

  /** With {@code memory}, returns when the bytes are gone from the files too. */
  @Override
  public void removeStream(StreamId stream, boolean memory) {
    gate.doing(() -> {
      purge.remove(stream, memory);
      if (memory) {
        tails.forget(stream);
      }
    });
  }

  /** The copy can be opened as a memory as well. */
  @Override
  public void backup(Path folder) {
    gate.doing(() -> backup.write(folder));
  }

  @Override
  public void restore(Path folder, Consumer<StreamRecord> restored) {
    gate.doing(() -> backup.restoreAll(folder, restored));
  }

  /** Values found damaged, and so left out, since the store was opened. */
  public long damagedCount() {
    return database.damagedCount();
  }

  @Override
  public long bytes() {
    return database.folderBytes();
  }

  /** Bytes of table files by kind of value; what was appended since the last start may lack. */
  public Map<String, Long> tableBytes() {
    return whileOpen(database::tableBytes);
  }

  private static byte[] key(ClipKey clip) {
    return MemoryKeys.of(clip.stream(), clip.sequence());
  }

  private <T> T whileOpen(Supplier<T> work) {
    return gate.whileOpen(work);
  }

  /** Waits for calls in progress; native memory must not be freed under them. */
  @Override
  public void close() {
    gate.close(() -> {
      database.close();
      lock.close();
    });
  }
}
