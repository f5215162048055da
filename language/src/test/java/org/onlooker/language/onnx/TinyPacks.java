package org.onlooker.language.onnx;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.onlooker.language.Golden;

/** Copies of the tiny pack with another config. */
final class TinyPacks {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TinyPacks() {}

  /** A pack with clip labels, as packs made for Onlooker have them. */
  static Path labelled(Path folder) throws IOException {
    return copy(
        folder,
        config -> config
            .putObject("onlooker")
            .put("name", "tiny-labelled")
            .put("sinks", "<|im_start|>")
            .put("clip_open", "<M{mm}><S{ss}>")
            .put("clip_close", "<m{mm}><s{ss}>")
            .put("time", "<m{mm}><s{ss}>")
            .put("question", "User: {question} Assistant:")
            .put("caption_question", "what is visible at {time} ?")
            .put("window_clips", 1)
            .put("max_context_clips", 8));
  }

  /** A copy of the tiny pack whose {@code config.json} is changed. */
  static Path copy(Path folder, Consumer<ObjectNode> change) throws IOException {
    Path source = Golden.pack("tiny-smolvlm");
    Files.createDirectories(folder.resolve("onnx"));
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(source.relativize(file).toString()));
      }
    }
    Path config = folder.resolve("config.json");
    ObjectNode json = (ObjectNode) MAPPER.readTree(Files.readAllBytes(config));
    change.accept(json);
    Files.write(config, MAPPER.writeValueAsBytes(json));
    return folder;
  }
}
