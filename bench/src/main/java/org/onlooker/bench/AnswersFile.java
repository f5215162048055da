package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Every answer as one line of JSON, so that a judge can be run elsewhere: {@code {"video",
 * "policy", "answer", "status", "right", "asked": the question's record, "reply": the API's answer
 * document}}.
 */
final class AnswersFile implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Writer lines;

  private AnswersFile(Writer lines) {
    this.lines = lines;
  }

  /** Replaces {@code file}; without one the lines go nowhere. */
  static AnswersFile open(Optional<Path> file) throws IOException {
    return new AnswersFile(
        file.isPresent() ? Files.newBufferedWriter(file.get()) : Writer.nullWriter());
  }

  void add(Path video, String policy, JsonNode question, JsonNode answer, boolean right)
      throws IOException {
    ObjectNode line = JSON.createObjectNode()
        .put("video", video.getFileName().toString())
        .put("policy", policy)
        .put("answer", answer.path("answer").asText())
        .put("status", answer.path("status").asText())
        .put("right", right);
    line.set("asked", question);
    line.set("reply", answer);
    lines.write(line + "\n");
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
