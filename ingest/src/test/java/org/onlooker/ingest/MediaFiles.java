package org.onlooker.ingest;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Real and difficult videos, some of which are kept outside of the project. */
final class MediaFiles {
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root", ".."));
  private static final List<Path> FOLDERS = List.of(
      ROOT.resolve("testdata/media"),
      ROOT.resolve("../shared/data/tricky").normalize(),
      ROOT.resolve("../shared/data/real").normalize());

  private MediaFiles() {}

  /** The file of that name; the test is skipped where it is absent. */
  static Path require(String name) {
    Optional<Path> file =
        FOLDERS.stream().map(f -> f.resolve(name)).filter(Files::exists).findFirst();
    assumeThat(file)
        .as("%s is kept only in ../shared/data, which is absent", name)
        .isPresent();
    return file.orElseThrow();
  }
}
