package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A drawn stream with its questions, as {@code training/onlooker_world/world.py} writes it. */
record World(Path video, List<JsonNode> questions) {
  private static final String QUESTIONS = "questions.json";

  World {
    questions = List.copyOf(questions);
  }

  /** The worlds in {@code folders}; each is one, or holds several. */
  static List<World> readAll(List<Path> folders) throws IOException {
    List<World> worlds = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new IOException(folder + " is not a folder");
      }
      try (Stream<Path> inside = Files.walk(folder, 2)) {
        for (Path file : inside.filter(f -> f.endsWith(QUESTIONS)).sorted().toList()) {
          worlds.add(read(file));
        }
      }
    }
    if (worlds.isEmpty()) {
      throw new IOException("no " + QUESTIONS + " in " + folders
          + "; make worlds with: python -m onlooker_world.world --help (in training/)");
    }
    return worlds;
  }

  /** Those that say in themselves what they are about. */
  Stream<JsonNode> questionsAlone() {
    return questions.stream()
        .filter(question -> question.path("follows").asText().isEmpty());
  }

  /** At most so many, evenly. */
  static List<JsonNode> some(List<JsonNode> questions, int most) {
    int count = Math.min(most, questions.size());
    return IntStream.range(0, count)
        .mapToObj(i -> questions.get((int) ((long) i * questions.size() / count)))
        .toList();
  }

  /** Those of one time in their order. */
  List<JsonNode> questionsByTime() {
    return questions.stream()
        .sorted(Comparator.comparingDouble(question -> question.path("askedAt").asDouble()))
        .toList();
  }

  private static World read(Path file) throws IOException {
    JsonNode document = new ObjectMapper().readTree(file.toFile());
    List<JsonNode> questions = new ArrayList<>();
    document.path("questions").forEach(questions::add);
    return new World(
        file.resolveSibling(document.path("video").asText()).toAbsolutePath().normalize(),
        questions);
  }
}
