package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.onlooker.core.FileTree;
import org.onlooker.core.StoreException;
import org.onlooker.testing.Damage;

/**
 * Damages files of copies of a data folder, starts the product on each, and reads what its memory
 * serves: the right thing or nothing. The sources are gone, so that nothing new is remembered.
 */
final class DamageRounds {
  private static final int REFUSED_DATA_FOLDER = 5;

  /** A kind of file of the data folder. */
  private enum Target {
    TABLE("memory", ".*\\.sst"),
    LOG("memory", "\\d+\\.log"),
    MANIFEST("memory", "MANIFEST.*"),
    CURRENT("memory", "CURRENT"),
    INDEX("index", "[_s].*"),
    SEGMENT("segments", ".*\\.mp4");

    private final String folder;
    private final String pattern;

    Target(String folder, String pattern) {
      this.folder = folder;
      this.pattern = pattern;
    }

    List<Path> files(Path data) throws IOException {
      try (Stream<Path> files = Files.walk(data.resolve(folder))) {
        return files
            .filter(file -> file.getFileName().toString().matches(pattern))
            .filter(file -> file.toFile().isFile() && file.toFile().length() > 0)
            .sorted()
            .toList();
      }
    }
  }

  /**
   * What one damage led to.
   *
   * @param what was damaged, and how
   * @param outcome in words
   * @param served clips that are whole; 0 where the start is refused
   * @param wrong parts that are there but not what they were
   * @param failed it crashed or hung, or refused without saying what to do
   */
  record Case(String what, String outcome, long served, long wrong, boolean failed) {}

  private final Path root;
  private final Path folder;
  private final List<String> streams;
  private final StoredMemory whole;
  private final Random random;
  private final List<Case> cases = new ArrayList<>();

  /**
   * @param folder with {@code stored.yml}, which names no streams, and {@code data} that was read
   *     as {@code whole}
   * @param streams that the memory knows
   */
  DamageRounds(Path root, Path folder, List<String> streams, StoredMemory whole, Random random) {
    this.root = root;
    this.folder = folder;
    this.streams = streams;
    this.whole = whole;
    this.random = random;
  }

  /** @param quick one damage of each kind of file, not all of them */
  List<Case> run(boolean quick) throws IOException {
    for (Target target : Target.values()) {
      List<Damage> damages = quick
          ? List.of(Damage.values()[random.nextInt(Damage.values().length)])
          : List.of(Damage.values());
      for (Damage damage : damages) {
        Path copy = copy();
        List<Path> files = target.files(copy);
        Path file = files.get(random.nextInt(files.size()));
        damage.to(file, random);
        add(target.folder + ", " + file.getFileName() + " " + damage.words(), copy);
      }
    }
    Path copy = copy();
    FileTree.delete(copy.resolve("index"));
    add("index, the folder missing", copy);
    return List.copyOf(cases);
  }

  private Path copy() throws IOException {
    return copy(folder.resolve("data"), Files.createTempDirectory(folder, "damaged"));
  }

  /** With a link to the native libraries. */
  private static Path copy(Path from, Path to) throws IOException {
    for (String part : List.of("memory", "index", "segments")) {
      if (Files.exists(from.resolve(part))) {
        Folders.copy(from.resolve(part), to.resolve(part));
      }
    }
    Files.createSymbolicLink(to.resolve("native"), from.resolve("native").toRealPath());
    return to;
  }

  private void add(String what, Path damaged) throws IOException {
    Path started = copy(damaged, Files.createTempDirectory(folder, "started"));
    try {
      cases.add(outcome(what, damaged, started));
    } finally {
      Files.delete(damaged.resolve("native"));
      Files.delete(started.resolve("native"));
      FileTree.delete(damaged);
      FileTree.delete(started);
    }
    System.err.println(
        "onlooker: " + cases.getLast().what() + ": " + cases.getLast().outcome());
  }

  private Case outcome(String what, Path damaged, Path started) throws IOException {
    try (ProductRun product = ProductRun.start(root, started, folder.resolve("stored.yml"))) {
      if (!product.awaitReady()) {
        return refused(what, product, started);
      }
      for (String stream : streams) {
        Optional<JsonNode> answer = product.ask(stream, "When did you first see a dog?");
        product.bytes("/api/v1/streams/" + stream + "/clip.mp4?start=0&end=5");
        if (product.get("/api/v1/streams/" + stream).isPresent() && answer.isEmpty()) {
          return new Case(what, "no answer about " + stream, 0, 0, true);
        }
      }
      if (!product.isAlive()) {
        return new Case(what, "it ended: " + product.said(), 0, 0, true);
      }
      product.kill();
    } catch (IOException e) {
      return new Case(what, "it hangs: " + e.getMessage(), 0, 0, true);
    }
    return read(what, damaged);
  }

  private static Case refused(String what, ProductRun product, Path folder) throws IOException {
    int exit = product.exit();
    String said = product.said();
    boolean named = exit == REFUSED_DATA_FOLDER && said.contains(folder.toString());
    return new Case(what, "the start is refused" + (named ? "" : ": " + said), 0, 0, !named);
  }

  private Case read(String what, Path damaged) {
    try {
      StoredMemory found =
          StoredMemory.read(damaged.resolve("memory"), folder.resolve("data").resolve("native"));
      return new Case(what, "it starts and answers", found.whole(), whole.wrongIn(found), false);
    } catch (StoreException e) {
      return new Case(what, "it starts, and then: " + e.getMessage(), 0, 0, true);
    }
  }
}
