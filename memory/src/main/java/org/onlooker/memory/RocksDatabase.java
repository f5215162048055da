package org.onlooker.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One RocksDB database: its column families, its memory bounds, and what to make of its errors.
 *
 * <p>Every value has a family of its own kind, so that reading entries never touches blocks. A
 * value that RocksDB finds damaged is absent and counted. Its monitor is held where what is read of
 * conversations decides what is written.
 */
final class RocksDatabase implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RocksDatabase.class.getName());
  private static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.US_ASCII);
  private static final int FIRST_GUESS_BYTES = 64 << 10;

  /** The column families; their names on disk are in lower case. */
  enum Family {
    CLIPS,
    TOKENS,
    KEY_MEANS,
    THUMBNAILS,
    BLOCKS,
    GAPS,
    STREAMS,
    CONVERSATIONS,
    REMARKS;

    /** Whether the number in its keys is a clip's sequence. */
    boolean isOfClips() {
      return ordinal() <= BLOCKS.ordinal();
    }

    String diskName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Families that hold little but codes. */
  private static final Set<String> CODES =
      Set.of(Family.BLOCKS.diskName(), Family.TOKENS.diskName(), Family.KEY_MEANS.diskName());

  private final Path folder;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
  private final RocksDB db;
  private final WriteOptions writeOptions;
  private final ReadOptions blockReads;
  private final LongAdder damaged = new LongAdder();

  /** One of RocksDB's two ways to open a folder. */
  private interface Opening {
    RocksDB open(
        DBOptions options,
        String path,
        List<ColumnFamilyDescriptor> families,
        List<ColumnFamilyHandle> handles)
        throws RocksDBException;
  }

  RocksDatabase(Path folder, RocksOptions options) {
    this(folder, options, RocksDB::open);
  }

  /** What lies in {@code folder} as it is; nothing is written there. */
  static RocksDatabase readOnly(Path folder, RocksOptions options) {
    return new RocksDatabase(folder, options, RocksDB::openReadOnly);
  }

  private RocksDatabase(Path folder, RocksOptions options, Opening opening) {
    this.folder = folder;
    try {
      this.db = openFamilies(options, opening);
      this.writeOptions = own(new WriteOptions().setSync(options.sync()));
      this.blockReads = own(new ReadOptions().setFillCache(false));
      checkFormat();
    } catch (RocksDBException e) {
      closeParts();
      if (isDiskFull(e)) {
        throw failed(e);
      }
      throw new StoreException(
          StoreException.Reason.FAILED,
          "memory in " + folder + " cannot be opened: " + e.getMessage()
              + "; restore a backup, or move the folder away to start anew",
          e);
    } catch (RuntimeException e) {
      closeParts();
      throw e;
    }
  }

  private RocksDB openFamilies(RocksOptions options, Opening opening) throws RocksDBException {
    LRUCache cache = own(new LRUCache(options.cacheBytes()));
    ColumnFamilyOptions plain = own(RocksTuning.plain(cache, options));
    ColumnFamilyOptions codes = own(RocksTuning.codes(cache, options));
    DBOptions dbOptions = own(RocksTuning.ofDatabase(options));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (String name : familyNames()) {
      descriptors.add(new ColumnFamilyDescriptor(
          name.getBytes(StandardCharsets.US_ASCII), CODES.contains(name) ? codes : plain));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    RocksDB opened = own(opening.open(dbOptions, folder.toString(), descriptors, handles));
    handles.forEach(this::own);
    Iterator<ColumnFamilyHandle> handle = handles.iterator();
    handle.next(); // the default one
    for (Family family : Family.values()) {
      families.put(family, handle.next());
    }
    return opened;
  }

  /** Ours in order, behind the default one; then any that another version may have left. */
  private Set<String> familyNames() throws RocksDBException {
    Set<String> names = new LinkedHashSet<>();
    names.add("default");
    for (Family family : Family.values()) {
      names.add(family.diskName());
    }
    if (!Files.exists(folder.resolve("CURRENT"))) {
      return names;
    }
    try (Options options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, folder.toString())) {
        names.add(new String(name, StandardCharsets.US_ASCII));
      }
    }
    return names;
  }

  private void checkFormat() throws RocksDBException {
    byte[] format = db.get(FORMAT_KEY);
    if (format == null && isEmpty()) {
      db.put(writeOptions, FORMAT_KEY, new byte[] {ValueFrame.VERSION});
    } else if (format != null && format.length == 1 && format[0] == ValueFrame.OLDEST_VERSION) {
      db.put(writeOptions, FORMAT_KEY, new byte[] {ValueFrame.VERSION});
    } else if (format == null || format.length != 1 || format[0] != ValueFrame.VERSION) {
      String found = format == null || format.length != 1 ? "unknown" : "" + format[0];
      throw new StoreException(
          StoreException.Reason.FORMAT,
          "memory in " + folder + " has format " + found + ", this Onlooker reads format "
              + ValueFrame.VERSION + "; run the version that wrote it, or move the folder away");
    }
  }

  private boolean isEmpty() {
    return db.getLatestSequenceNumber() == 0;
  }

  Optional<byte[]> get(Family family, byte[] key) {
    try {
      return Optional.ofNullable(db.get(handle(family), key));
    } catch (RocksDBException e) {
      return absentIfDamaged(family, key, e);
    }
  }

  Optional<byte[]> getDefault(byte[] key) {
    try {
      return Optional.ofNullable(db.get(key));
    } catch (RocksDBException e) {
      if (isDamage(e)) {
        return Optional.empty();
      }
      throw failed(e);
    }
  }

  void putDefault(byte[] key, byte[] value) {
    try {
      db.put(writeOptions, key, value);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  void deleteDefault(byte[] key) {
    try {
      db.delete(writeOptions, key);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** As {@link #get}, but the value stays in native memory, allocated from {@code arena}. */
  Optional<ByteBuffer> getNative(Family family, byte[] key, Arena arena) {
    try {
      ByteBuffer nativeKey = nativeCopy(key, arena);
      ByteBuffer value = arena.allocate(FIRST_GUESS_BYTES, Long.BYTES).asByteBuffer();
      int size = db.get(handle(family), blockReads, nativeKey, value);
      if (size > FIRST_GUESS_BYTES) {
        value = arena.allocate(size, Long.BYTES).asByteBuffer();
        size = db.get(handle(family), blockReads, nativeKey.rewind(), value);
      }
      return size == RocksDB.NOT_FOUND ? Optional.empty() : Optional.of(value.slice(0, size));
    } catch (RocksDBException e) {
      return absentIfDamaged(family, key, e);
    }
  }

  static ByteBuffer nativeCopy(byte[] key, Arena arena) {
    MemorySegment copy = arena.allocate(key.length);
    MemorySegment.copy(MemorySegment.ofArray(key), 0, copy, 0, key.length);
    return copy.asByteBuffer();
  }

  private <T> Optional<T> absentIfDamaged(Family family, byte[] key, RocksDBException e) {
    if (!isDamage(e)) {
      throw failed(e);
    }
    reportDamaged(family, key);
    return Optional.empty();
  }

  static boolean isDamage(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
  }

  void reportDamaged(Family family, byte[] key) {
    damaged.increment();
    LOG.log(
        System.Logger.Level.WARNING,
        "damaged value in {0}, {1} of {2}: left out",
        folder,
        family.diskName(),
        key.length > Long.BYTES ? describe(key) : "?");
  }

  /** What was read, which is counted as damaged when it is not whole. */
  <T> Optional<T> whole(Family family, byte[] key, Optional<T> part) {
    if (part.isEmpty()) {
      reportDamaged(family, key);
    }
    return part;
  }

  private static String describe(byte[] key) {
    String stream = new String(key, 1, Math.min(key[0], key.length - 1), StandardCharsets.US_ASCII);
    return key.length == 1 + key[0] ? stream : stream + " #" + MemoryKeys.number(key);
  }

  /** Values found damaged since the database was opened. */
  long damagedCount() {
    return damaged.sum();
  }

  void write(WriteBatch batch) {
    try {
      db.write(writeOptions, batch);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  RocksCursor cursor(Family family, StreamId stream) {
    return new RocksCursor(this, db, family, stream);
  }

  ColumnFamilyHandle handle(Family family) {
    return Objects.requireNonNull(families.get(family));
  }

  /** Of all families, the default one too. */
  List<ColumnFamilyHandle> handles() {
    List<ColumnFamilyHandle> handles = new ArrayList<>(families.values());
    handles.add(defaultHandle());
    return handles;
  }

  ColumnFamilyHandle defaultHandle() {
    return db.getDefaultColumnFamily();
  }

  RocksDB db() {
    return db;
  }

  /** Bytes of table files by family; what only the write-ahead log has is not in them yet. */
  Map<String, Long> tableBytes() {
    Map<String, Long> bytes = new TreeMap<>();
    families.forEach((family, handle) ->
        bytes.put(family.diskName(), db.getColumnFamilyMetaData(handle).size()));
    return bytes;
  }

  /** Bytes of all files, the log among them. */
  long folderBytes() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(RocksDatabase::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // compacted away meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  StoreException failed(RocksDBException e) {
    if (isDiskFull(e)) {
      return new StoreException(
          StoreException.Reason.DISK_LOW, "disk of " + folder + " is full; free some space", e);
    }
    return new StoreException(
        StoreException.Reason.FAILED,
        "memory in " + folder + " failed: " + e.getMessage()
            + "; look at the disk, and start again if this goes on",
        e);
  }

  private static boolean isDiskFull(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getSubCode() == Status.SubCode.NoSpace;
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    closeParts();
  }

  private void closeParts() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.log(System.Logger.Level.WARNING, "closing the memory in " + folder, e);
      }
    }
  }
}
