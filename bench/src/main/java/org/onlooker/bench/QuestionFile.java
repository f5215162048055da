package org.onlooker.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Question files of any shape in {@link QuestionSet#ALL}, read into worlds: the same records that
 * drawn worlds have.
 *
 * @param worlds those whose video was found
 * @param remarks what was left out and why, for the user to see beside the figures
 */
record QuestionFile(List<World> worlds, List<String> remarks) {
  QuestionFile {
    worlds = List.copyOf(worlds);
    remarks = List.copyOf(remarks);
  }

  static QuestionFile readAll(List<Path> files, Optional<Path> videos) throws IOException {
    List<World> worlds = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    for (Path file : files) {
      QuestionFile one = read(file, videos);
      worlds.addAll(one.worlds());
      remarks.addAll(one.remarks());
    }
    return new QuestionFile(worlds, remarks);
  }

  /**
   * Reads one file.
   *
   * @param videos folder of the videos; the file's own when empty
   * @throws IOException naming the file and what is wrong with it, also when not one of its
   *     questions can be asked
   */
  static QuestionFile read(Path file, Optional<Path> videos) throws IOException {
    Path folder = videos.orElse(file.toAbsolutePath().getParent());
    JsonNode document = json(file);
    QuestionReading reading = new QuestionReading();
    shapeOf(file, document).read(document, reading);
    List<World> worlds = reading.worlds(name -> find(folder, name));
    if (worlds.isEmpty()) {
      throw new IOException(file + ": none of its questions can be asked with the videos in "
          + folder + lines(reading.remarks()));
    }
    return new QuestionFile(worlds, reading.remarks());
  }

  private static JsonNode json(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " is not a file");
    }
    try {
      return new ObjectMapper().readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static QuestionSet shapeOf(Path file, JsonNode document) throws IOException {
    for (QuestionSet set : QuestionSet.ALL) {
      if (set.recognises(document)) {
        return set;
      }
    }
    throw new IOException(file + " has none of the known shapes; looked for"
        + lines(QuestionSet.ALL.stream().map(QuestionSet::shape).toList()));
  }

  private static String lines(List<String> lines) {
    return lines.stream().map(line -> "\n  " + line).collect(Collectors.joining());
  }

  /** The name as it stands, or, since folders differ, without one or more of those in front. */
  private static Optional<Path> find(Path folder, String name) {
    Path named = Path.of(name).normalize();
    for (int skipped = 0; skipped < named.getNameCount(); skipped++) {
      Path file = folder.resolve(named.subpath(skipped, named.getNameCount()));
      if (Files.isRegularFile(file)) {
        return Optional.of(file.toAbsolutePath().normalize());
      }
    }
    return named.isAbsolute() && Files.isRegularFile(named) ? Optional.of(named) : Optional.empty();
  }
}
