package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Damage;

/**
 * Whichever file of a memory is cut short, blanked, gone or cannot be read: what is served is
 * right, and a start that is refused names the folder.
 */
@Timeout(300)
final class TornFilesTest {
  private static final int CLIPS = 120;
  private static final int ROUNDS = 12;
  private static final long SEED = 20261122;
  private static final StreamId DOOR = new StreamId("door");

  @TempDir
  Path folder;

  private final Random random = new Random(SEED);
  private Path whole;

  /** Some clips in table files, the newest in the log. */
  @BeforeEach
  void write() throws IOException {
    Path written = folder.resolve("written");
    try (RocksMemoryStore store = open(written)) {
      TestFolders.append(store, "door", 0, CLIPS / 2);
    }
    whole = folder.resolve("whole");
    try (RocksMemoryStore store = open(written)) {
      TestFolders.append(store, "door", CLIPS / 2, CLIPS / 2);
      copy(written, whole);
    }
  }

  @ParameterizedTest
  @EnumSource
  void open_damagedFile_servesNothingWrong(Damage damage) throws IOException {
    List<Path> files =
        files(whole).stream().filter(file -> file.toFile().length() > 0).toList();
    int lost = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Path copy = folder.resolve(damage + "-" + round);
      copy(whole, copy);
      Path file = copy.resolve(files.get(round % files.size()).getFileName());
      damage.to(file, random);
      lost +=
          assertNothingWrong(copy, file.getFileName() + " " + damage.words() + ", seed " + SEED);
    }
    assertThat(lost).isPositive();
  }

  /** Parts lost; all when the store says that it cannot be opened. */
  private static int assertNothingWrong(Path path, String what) {
    try (RocksMemoryStore store = open(path)) {
      int right = 0;
      for (int sequence = 0; sequence < CLIPS; sequence++) {
        right += ClipCheck.rightParts(store, "door", sequence);
      }
      assertThat(store.entries(DOOR, Span.ALL))
          .as(what)
          .allSatisfy(entry -> assertThat(store.entry(entry.key())).isPresent());
      TestFolders.append(store, "door", Math.max(CLIPS, store.nextSequence(DOOR)), 1);
      return 5 * CLIPS - right;
    } catch (StoreException e) {
      assertThat(e.reason()).as(what).isEqualTo(StoreException.Reason.FAILED);
      assertThat(e).as(what).hasMessageContaining(path.toString());
      return 5 * CLIPS;
    }
  }

  private static RocksMemoryStore open(Path path) {
    return RocksMemoryStore.open(path, TestFolders.natives(), TestFolders.options());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.sorted().toList();
    }
  }
}
