package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Folders that a benchmark works in. */
final class Folders {
  private Folders() {}

  /** Of the installation. */
  static Path root() {
    return Path.of(System.getProperty("onlooker.root", "")).toAbsolutePath();
  }

  /** Of the demo stream. */
  static Path demo() {
    return root().resolve("testdata/demo");
  }

  /** A new one for a benchmark's work, which is to be {@link #delete deleted}. */
  static Path work(String benchmark) throws IOException {
    Path parent = Files.createDirectories(root().resolve(".onlooker"));
    return Files.createTempDirectory(parent, "bench-" + benchmark + "-");
  }

  /** With all that is in it, to where nothing is yet. */
  static void copy(Path from, Path to) throws IOException {
    List<Path> entries;
    try (Stream<Path> walk = Files.walk(from)) {
      entries = walk.toList();
    }
    for (Path entry : entries) {
      Files.copy(entry, to.resolve(from.relativize(entry)));
    }
  }
}
