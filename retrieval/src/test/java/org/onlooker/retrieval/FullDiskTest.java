package org.onlooker.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;
import org.onlooker.testing.SmallDisk;

/** An index whose disk is full goes on answering, and takes clips again when there is room. */
@Timeout(60)
final class FullDiskTest {
  private static final StreamId DOOR = new StreamId("door");

  @TempDir
  Path folder;

  private SmallDisk disk;

  @BeforeEach
  void mount() throws IOException {
    String missing = SmallDisk.missing();
    assumeTrue(missing.isEmpty(), missing);
    disk = SmallDisk.mount(folder.resolve("disk"), 16);
  }

  @AfterEach
  void unmount() throws IOException {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void commit_diskFull_findsWhatItHasAndAsksForTheRestAgain() throws IOException {
    List<ClipEntry> clips = IntStream.range(0, 400)
        .mapToObj(sequence -> Memories.entry("door", sequence, "A dog.", 1, sequence))
        .toList();
    try (LuceneMemoryIndex index = open()) {
      clips.subList(0, 200).forEach(index::add);
      index.commit();
      long found = count(index);
      assertThat(found).isEqualTo(200);
      disk.fill(0);
      clips.subList(200, 300).forEach(index::add);
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(index::commit).isInstanceOf(RuntimeException.class);
        assertThat(count(index)).isGreaterThanOrEqualTo(found);
      }
      assertThatThrownBy(() -> index.add(clips.get(300))).isInstanceOf(RuntimeException.class);
      disk.makeRoom();
      catchUp(index, clips);
      assertThat(count(index)).isEqualTo(400);
    }
    try (LuceneMemoryIndex index = open()) {
      assertThat(index.nextSequence(DOOR)).isEqualTo(400);
      assertThat(count(index)).isEqualTo(400);
    }
  }

  /** As the product does: a commit that fails is followed by another, then by the clips it lost. */
  private static void catchUp(LuceneMemoryIndex index, List<ClipEntry> clips) {
    try {
      index.commit();
    } catch (RuntimeException e) {
      index.commit();
    }
    int next = (int) index.nextSequence(DOOR);
    clips.subList(next, clips.size()).forEach(index::add);
  }

  private LuceneMemoryIndex open() {
    return LuceneMemoryIndex.open(disk.folder().resolve("index"), Memories.FINGERPRINT);
  }

  /** Clips that show the dog. */
  private static long count(LuceneMemoryIndex index) {
    RecallQuery dog = new RecallQuery(
        DOOR,
        Span.ALL,
        Optional.of("dog"),
        Optional.empty(),
        new float[0],
        0,
        1,
        RecallQuery.Order.EVERY,
        1);
    return index.appearances(dog).kept().getFirst().clipCount();
  }
}
