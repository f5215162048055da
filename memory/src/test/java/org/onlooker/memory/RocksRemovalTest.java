package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;
import org.rocksdb.WriteBatch;

/** That a removed stretch is gone from the files, and that nothing else is. */
class RocksRemovalTest {
  private static final StreamId DOOR = new StreamId("door");
  private static final int CLIPS = 60;

  @TempDir
  Path folder;

  private RocksMemoryStore open() {
    return RocksMemoryStore.open(folder, TestFolders.natives(), TestFolders.options());
  }

  @Test
  void remove_captionsAndThumbnailsOfTheStretch_areInNoFile() throws IOException {
    try (RocksMemoryStore store = open()) {
      fill(store, 0, CLIPS / 2);
    }
    try (RocksMemoryStore store = open()) { // the first half in table files, the second in the log
      fill(store, CLIPS / 2, CLIPS);
      TestFolders.append(store, "yard", 0, 10);
      assertThat(inFiles("secret-20.")).isTrue();
      assertThat(inFiles("jpeg-40.")).isTrue();
      store.remove(DOOR, Span.ofSeconds(20, 45), 3);
      for (int clip = 0; clip < CLIPS; clip++) {
        boolean kept = clip < 20 || clip >= 45;
        assertThat(inFiles("secret-" + clip + ".")).as("caption %d", clip).isEqualTo(kept);
        assertThat(inFiles("jpeg-" + clip + ".")).as("thumbnail %d", clip).isEqualTo(kept);
      }
      ClipCheck.assertWhole(store, "yard", 9);
    }
  }

  @Test
  void remove_interrupted_isFinishedAtTheNextStart() throws Exception {
    try (RocksMemoryStore store = open()) {
      fill(store, 0, CLIPS);
    }
    try (RocksDatabase raw = new RocksDatabase(folder, TestFolders.options())) {
      RocksPurge purge = new RocksPurge(raw);
      for (int clip : new int[] {7, 30}) { // two removals that both were cut short
        try (WriteBatch batch = new WriteBatch()) {
          batch.delete(raw.handle(RocksDatabase.Family.CLIPS), MemoryKeys.of(DOOR, clip));
          batch.delete(raw.handle(RocksDatabase.Family.THUMBNAILS), MemoryKeys.of(DOOR, clip));
          purge.note(batch, DOOR, new RocksPurge.Sequences(clip, clip + 1));
          raw.write(batch);
        }
      }
    }
    assertThat(inFiles("secret-7.")).isTrue();
    try (RocksMemoryStore store = open()) {
      assertThat(store.entriesFrom(DOOR, 0, 99)).hasSize(CLIPS - 2);
      assertThat(inFiles("secret-7.")).isFalse();
      assertThat(inFiles("jpeg-30.")).isFalse();
      assertThat(inFiles("secret-8.")).isTrue();
    }
  }

  @Test
  void remove_newestClips_theNextOneComesBehindThem_afterARestartToo() {
    try (RocksMemoryStore store = open()) {
      fill(store, 0, CLIPS);
      store.remove(DOOR, Span.ALL, 3);
    }
    try (RocksMemoryStore store = open()) {
      assertThat(store.nextSequence(DOOR)).isEqualTo(CLIPS);
      assertThat(store.storedThrough(DOOR)).contains(Pts.ofSeconds(CLIPS));
      store.removeStream(DOOR, true);
      assertThat(store.nextSequence(DOOR)).isZero();
    }
    try (RocksMemoryStore store = open()) {
      assertThat(store.nextSequence(DOOR)).isZero();
    }
  }

  private static void fill(RocksMemoryStore store, int from, int to) {
    for (int clip = from; clip < to; clip++) {
      Memory like = Memories.memory("door", clip, Memories.span(clip), "secret-" + clip + ".");
      Memory marked = new Memory(
          new ClipKey(DOOR, clip),
          like.span(),
          like.startTime(),
          like.fingerprint(),
          like.tokens(),
          like.embedding(),
          like.keyMeans(),
          like.caption(),
          new Jpeg(("jpeg-" + clip + ".").getBytes(StandardCharsets.US_ASCII)));
      try (KvBlock block = Memories.block("door", clip)) {
        store.append(marked, block);
      }
    }
  }

  private boolean inFiles(String text) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (bytes.contains(text)) {
          return true;
        }
      }
    }
    return false;
  }
}
