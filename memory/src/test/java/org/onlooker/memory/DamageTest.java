package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Gap;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.StreamSpec;
import org.onlooker.testing.Memories;
import org.rocksdb.RocksDBException;

/** Damaged files are never served as memory, and removed memory is gone from the files. */
final class DamageTest {
  private static final int CLIPS = 120;
  private static final StreamId DOOR = new StreamId("door");
  private static final String MARKER = "xylophone-marker-4711";

  @TempDir
  Path folder;

  @Test
  void get_valueOfAnotherKey_isAbsentAndCounted() throws RocksDBException {
    Path path = folder.resolve("swapped");
    try (RocksMemoryStore store = open(path)) {
      TestFolders.append(store, "door", 0, 3);
    }
    byte[] zero = MemoryKeys.of(DOOR, 0);
    byte[] one = MemoryKeys.of(DOOR, 1);
    try (RocksDatabase raw = new RocksDatabase(path, TestFolders.options())) {
      for (RocksDatabase.Family family : RocksDatabase.Family.values()) {
        byte[] value = raw.db().get(raw.handle(family), zero);
        if (value != null) {
          raw.db().put(raw.handle(family), one, value);
        }
      }
    }
    try (RocksMemoryStore store = open(path)) {
      assertThat(ClipCheck.rightParts(store, "door", 1)).isZero();
      assertThat(store.damagedCount()).isEqualTo(5);
      assertThat(store.entries(DOOR, Span.ALL)).hasSize(2);
      assertThat(store.newest(DOOR, Memories.span(9).end(), 2)).hasSize(2);
      ClipCheck.assertWhole(store, "door", 0);
      ClipCheck.assertWhole(store, "door", 2);
    }
  }

  @Test
  void open_flippedByteInATableFile_servesTheRestAndNothingWrong() throws IOException {
    Path whole = folder.resolve("whole");
    try (RocksMemoryStore store = open(whole)) {
      TestFolders.append(store, "door", 0, CLIPS);
    }
    open(whole).close(); // what was in the log goes to table files
    List<Path> tables =
        files(whole).stream().filter(file -> file.toString().endsWith(".sst")).toList();
    assertThat(tables).isNotEmpty();
    long seed = 5;
    Random random = new Random(seed);
    int lost = 0;
    for (int round = 0; round < 25; round++) {
      Path copy = folder.resolve("copy" + round);
      copy(whole, copy);
      flip(copy.resolve(tables.get(random.nextInt(tables.size())).getFileName()), random);
      lost += assertNothingWrong(copy, "seed " + seed + ", round " + round);
    }
    assertThat(lost).isPositive();
  }

  @Test
  void open_flippedByteInTheLog_servesWhatCameBefore() throws IOException {
    Path whole = folder.resolve("log");
    Path copy = folder.resolve("copy");
    try (RocksMemoryStore store = open(whole)) {
      TestFolders.append(store, "door", 0, CLIPS);
      copy(whole, copy);
    }
    Path log = files(copy).stream()
        .filter(file -> file.toString().endsWith(".log"))
        .filter(file -> file.toFile().length() > 0)
        .findFirst()
        .orElseThrow();
    flip(log, new Random(3));
    assertThat(assertNothingWrong(copy, "log")).isPositive();
  }

  /** Parts lost; 5 for each clip when the store says that it cannot be opened. */
  private static int assertNothingWrong(Path path, String what) {
    try (RocksMemoryStore store = open(path)) {
      int right = 0;
      for (int sequence = 0; sequence < CLIPS; sequence++) {
        right += ClipCheck.rightParts(store, "door", sequence);
      }
      List<ClipEntry> entries = store.entries(DOOR, Span.ALL);
      assertThat(entries)
          .as(what)
          .isSortedAccordingTo(
              (a, b) -> Long.compare(a.key().sequence(), b.key().sequence()));
      for (ClipEntry entry : entries) {
        assertThat(store.entry(entry.key())).as(what).isPresent();
      }
      return 5 * CLIPS - right;
    } catch (StoreException e) {
      assertThat(e.reason()).isEqualTo(StoreException.Reason.FAILED);
      assertThat(e).hasMessageContaining(path.toString());
      return 5 * CLIPS;
    }
  }

  @Test
  void removeStream_withMemory_bytesAreGoneFromTheFiles() throws IOException {
    Path path = folder.resolve("removed");
    try (RocksMemoryStore store = open(path)) {
      fill(store);
      TestFolders.append(store, "yard", 0, 40);
      assertThat(holdsMarker(path)).isTrue();
      store.removeStream(DOOR, true);
      assertThat(holdsMarker(path)).isFalse();
      for (int sequence = 0; sequence < 40; sequence++) {
        ClipCheck.assertWhole(store, "yard", sequence);
      }
    }
  }

  @Test
  void removeStream_interrupted_isFinishedAtTheNextStart() throws IOException, RocksDBException {
    Path path = folder.resolve("interrupted");
    try (RocksMemoryStore store = open(path)) {
      fill(store);
    }
    open(path).close(); // into table files
    try (RocksDatabase raw = new RocksDatabase(path, TestFolders.options())) {
      new RocksPurge(raw).hide(DOOR, true);
    }
    assertThat(holdsMarker(path)).isTrue();
    try (RocksMemoryStore store = open(path)) {
      assertThat(holdsMarker(path)).isFalse();
      assertThat(store.entries(DOOR, Span.ALL)).isEmpty();
      TestFolders.append(store, "door", 0, 1);
    }
    try (RocksMemoryStore store = open(path)) {
      ClipCheck.assertWhole(store, "door", 0);
    }
  }

  /** A stream with the marker in its record, captions, thumbnails and gaps. */
  private static void fill(RocksMemoryStore store) {
    store.putStream(
        new StreamRecord(StreamSpec.of("door", "rtsp://host/" + MARKER), Memories.START));
    store.appendGap(DOOR, new Gap(Span.ofSeconds(500, 600), MARKER));
    for (int sequence = 0; sequence < 40; sequence++) {
      Memory memory = Memories.memory("door", sequence);
      Memory marked = new Memory(
          memory.key(),
          memory.span(),
          memory.startTime(),
          memory.fingerprint(),
          memory.tokens(),
          memory.embedding(),
          memory.keyMeans(),
          "A " + MARKER,
          new Jpeg(MARKER.getBytes(StandardCharsets.US_ASCII)));
      try (KvBlock block = Memories.block("door", sequence)) {
        store.append(marked, block);
      }
    }
    assertThat(store.entry(new ClipKey(DOOR, 39))).isPresent();
  }

  private static boolean holdsMarker(Path path) throws IOException {
    for (Path file : files(path)) {
      if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(MARKER)) {
        return true;
      }
    }
    return false;
  }

  private static RocksMemoryStore open(Path path) {
    return RocksMemoryStore.open(path, TestFolders.natives(), TestFolders.options());
  }

  private static void flip(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    Files.write(file, bytes);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return new ArrayList<>(files.sorted().toList());
    }
  }
}
