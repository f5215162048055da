package org.onlooker.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.onlooker.testing.Memories.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Appearances;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;
import org.onlooker.testing.MemoryIndexContract;

final class LuceneMemoryIndexTest extends MemoryIndexContract {
  private static final StreamId DOOR = new StreamId("door");

  @TempDir
  Path folder;

  @Override
  protected MemoryIndex open(String fingerprint) {
    return LuceneMemoryIndex.open(folder.resolve("contract"), fingerprint);
  }

  private LuceneMemoryIndex openIn(String name) {
    return LuceneMemoryIndex.open(folder.resolve(name), Memories.FINGERPRINT);
  }

  @Test
  void recall_fewClips_agreesWithTheExactIndex() {
    assertThat(agreement(7, 3000, 60)).isEqualTo(1);
  }

  @Test
  void recall_manyClips_agreesWithTheExactIndex() {
    assertThat(agreement(8, 40_000, 40)).isGreaterThan(0.98);
  }

  private double agreement(long seed, int clipCount, int questions) {
    List<ClipEntry> clips = Memories.scenes(seed, clipCount, 48);
    ExactMemoryIndex exact = new ExactMemoryIndex(Memories.FINGERPRINT);
    try (LuceneMemoryIndex lucene = openIn("exact")) {
      for (ClipEntry clip : clips) {
        exact.add(clip);
        lucene.add(clip);
      }
      Random random = new Random(seed);
      int found = 0;
      int expected = 0;
      for (int i = 0; i < questions; i++) {
        RecallQuery query = randomQuery(clips, random);
        List<Recalled> truth = exact.recall(query);
        Set<Long> actual = new HashSet<>();
        lucene.recall(query).forEach(clip -> actual.add(clip.key().sequence()));
        expected += truth.size();
        found += (int)
            truth.stream().filter(c -> actual.contains(c.key().sequence())).count();
      }
      assertThat(expected).as("found by looking at all, seed %d", seed).isGreaterThan(200);
      return (double) found / expected;
    }
  }

  @Test
  void recall_scores_areThoseOfTheExactIndex() {
    ExactMemoryIndex exact = new ExactMemoryIndex(Memories.FINGERPRINT);
    try (LuceneMemoryIndex lucene = openIn("scores")) {
      for (int i = 0; i < 40; i++) {
        ClipEntry clip = entry("door", 3L * i, "A dog" + " and a cat".repeat(i % 4) + ".");
        exact.add(clip);
        lucene.add(clip);
      }
      RecallQuery query = new RecallQuery(
          DOOR,
          Span.ALL,
          Optional.of("cats with a dog"),
          Optional.empty(),
          new float[0],
          0,
          1,
          RecallQuery.Order.RELEVANCE,
          40);
      List<Recalled> truth = exact.recall(query);
      List<Recalled> actual = lucene.recall(query);
      assertThat(actual).hasSameSizeAs(truth);
      for (int i = 0; i < truth.size(); i++) {
        assertThat(actual.get(i).signals().get("caption"))
            .isEqualTo(truth.get(i).signals().get("caption"), Offset.offset(1e-5));
      }
    }
  }

  @Test
  void appearances_overManyPagesAndSegments_missNoClip() {
    try (LuceneMemoryIndex index = openIn("pages")) {
      for (int i = 0; i < 10_000; i++) {
        index.add(entry("door", i, i % 3000 == 2999 ? "" : "A dog."));
        index.add(entry("door", 20_000 + 6L * i, "A cat."));
        if (i % 1500 == 0) {
          index.commit();
        }
      }
      Appearances dogs = index.appearances(dog());
      assertThat(dogs.count()).isEqualTo(1);
      assertThat(dogs.kept().getFirst().clipCount()).isEqualTo(9_997);
      assertThat(dogs.kept().getFirst().span()).isEqualTo(Span.ofSeconds(0, 10_000));
      RecallQuery cats = new RecallQuery(
          DOOR,
          Span.ALL,
          Optional.of("cat"),
          Optional.empty(),
          new float[0],
          0,
          1,
          RecallQuery.Order.EVERY,
          3);
      assertThat(index.appearances(cats).count()).isEqualTo(10_000);
      assertThat(index.recall(cats).getLast().key().sequence()).isEqualTo(79_994);
    }
  }

  private static RecallQuery randomQuery(List<ClipEntry> clips, Random random) {
    float[] embedding = clips.get(random.nextInt(clips.size())).embedding().clone();
    for (int i = 0; i < embedding.length; i++) {
      embedding[i] += (float) random.nextGaussian() * 0.05f;
    }
    List<RecallQuery.Order> orders = List.of(RecallQuery.Order.values());
    RecallQuery.Order order = orders.get(random.nextInt(orders.size()));
    int from = random.nextInt(2000);
    Span scope = random.nextBoolean() ? Span.ALL : Span.ofSeconds(from, from + 800);
    Optional<String> text =
        random.nextBoolean() ? Optional.of("When did you see the dog?") : Optional.empty();
    return new RecallQuery(
        DOOR, scope, text, Optional.empty(), embedding, 0.3, 1 + random.nextInt(3), order, 16);
  }

  @Test
  void open_again_standsAtTheLastCommitOrLater() {
    try (LuceneMemoryIndex index = openIn("again")) {
      index.add(entry("door", 0, "A dog."));
      index.add(entry("door", 41, "A dog."));
    }
    try (LuceneMemoryIndex index = openIn("again")) {
      assertThat(index.nextSequence(DOOR)).isEqualTo(42);
      assertThat(index.recall(dog())).hasSize(2);
    }
  }

  @Test
  void open_copyTakenBetweenCommits_asksForTheRestAgain() throws IOException {
    try (LuceneMemoryIndex index = openIn("running")) {
      index.add(entry("door", 0, "A dog."));
      index.commit();
      index.add(entry("door", 1, "A dog."));
      assertThat(index.recall(dog())).hasSize(2);
      copy(folder.resolve("running"), folder.resolve("crashed"));
    }
    try (LuceneMemoryIndex index = openIn("crashed")) {
      assertThat(index.nextSequence(DOOR)).isEqualTo(1);
      index.add(entry("door", 1, "A dog."));
      assertThat(index.recall(dog())).hasSize(2);
    }
  }

  @Test
  void open_anyFileDamaged_isBuiltAnew() throws IOException {
    try (LuceneMemoryIndex index = openIn("whole")) {
      Memories.scenes(1, 200, 16).forEach(index::add);
    }
    int damaged = 0;
    for (Path file : files(folder.resolve("whole"))) {
      if (file.getFileName().toString().equals("write.lock")) {
        continue;
      }
      Path copy = folder.resolve("damaged" + damaged++);
      copy(folder.resolve("whole"), copy);
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(copy.resolve(file.getFileName()), bytes);
      assertRebuilt(copy);
    }
    assertThat(damaged).isGreaterThan(2);
  }

  @Test
  void open_fileCutMissingOrUnreadable_isBuiltAnew() throws IOException {
    try (LuceneMemoryIndex index = openIn("whole")) {
      index.add(entry("door", 5, "A dog."));
    }
    for (Path file : files(folder.resolve("whole"))) {
      if (file.getFileName().toString().equals("write.lock")) {
        continue;
      }
      Path cut = folder.resolve("cut-" + file.getFileName());
      copy(folder.resolve("whole"), cut);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(cut.resolve(file.getFileName()), Arrays.copyOf(bytes, 10));
      assertRebuilt(cut);
      Path missing = folder.resolve("missing-" + file.getFileName());
      copy(folder.resolve("whole"), missing);
      Files.delete(missing.resolve(file.getFileName()));
      assertRebuilt(missing);
      Path unreadable = folder.resolve("unreadable-" + file.getFileName());
      copy(folder.resolve("whole"), unreadable);
      Files.delete(unreadable.resolve(file.getFileName()));
      Files.createDirectory(unreadable.resolve(file.getFileName()));
      assertRebuilt(unreadable);
    }
  }

  @Test
  void open_anotherVersion_isBuiltAnew() throws IOException {
    Path other = folder.resolve("version");
    try (Directory directory = FSDirectory.open(other);
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      writer.setLiveCommitData(Map.of("onlooker.index.version", "0").entrySet());
      writer.commit();
    }
    assertRebuilt(other);
  }

  private void assertRebuilt(Path path) {
    try (LuceneMemoryIndex index = LuceneMemoryIndex.open(path, Memories.FINGERPRINT)) {
      assertThat(index.nextSequence(DOOR)).as(path.toString()).isZero();
      index.add(entry("door", 0, "A dog."));
      assertThat(index.recall(dog())).as(path.toString()).hasSize(1);
    }
  }

  @Test
  void open_twice_isRefused() {
    try (LuceneMemoryIndex index = openIn("twice")) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> openIn("twice"))
          .withMessageContaining(folder.resolve("twice").toString())
          .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.LOCKED));
      assertThat(index.nextSequence(DOOR)).isZero();
    }
  }

  @Test
  void removeStream_wordsAreGoneFromTheFiles() throws IOException {
    byte[] marker = "xylophonemarker".getBytes(StandardCharsets.US_ASCII);
    try (LuceneMemoryIndex index = openIn("removed")) {
      index.add(entry("door", 0, "A xylophonemarker."));
      index.add(entry("other", 0, "A dog."));
      index.commit();
      assertThat(anyFileHolds(folder.resolve("removed"), marker)).isTrue();
      index.removeStream(DOOR);
      assertThat(anyFileHolds(folder.resolve("removed"), marker)).isFalse();
    }
  }

  @Test
  void remove_wordsAreGoneFromTheFiles() throws IOException {
    byte[] marker = "xylophonemarker".getBytes(StandardCharsets.US_ASCII);
    try (LuceneMemoryIndex index = openIn("retained")) {
      for (int i = 0; i < 5000; i++) {
        index.add(entry("door", i, i == 9 ? "A xylophonemarker." : "A dog."));
        if (i % 700 == 0) {
          index.commit();
        }
      }
      index.remove(DOOR, Span.ofSeconds(0, 10));
      assertThat(anyFileHolds(folder.resolve("retained"), marker)).isFalse();
      assertThat(index.appearances(dog()).kept().getFirst().clipCount()).isEqualTo(4990);
    }
    try (LuceneMemoryIndex index = openIn("retained")) {
      assertThat(index.nextSequence(DOOR)).isEqualTo(5000);
    }
  }

  private static boolean anyFileHolds(Path path, byte[] marker) throws IOException {
    String wanted = new String(marker, StandardCharsets.ISO_8859_1);
    for (Path file : files(path)) {
      if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static RecallQuery dog() {
    return new RecallQuery(
        DOOR,
        Span.ALL,
        Optional.of("dog"),
        Optional.empty(),
        new float[0],
        0,
        1,
        RecallQuery.Order.RELEVANCE,
        100);
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }
}
