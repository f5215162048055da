package org.onlooker.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.PictureSpec;

class ModelPackTest {
  private static final Path PACK =
      Path.of(System.getProperty("onlooker.root")).resolve("testdata/packs/tiny-smolvlm");

  @TempDir
  Path folder;

  @BeforeEach
  void copy() throws IOException {
    Files.createDirectories(folder.resolve("onnx"));
    try (Stream<Path> files = Files.walk(PACK)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, folder.resolve(PACK.relativize(file).toString()));
      }
    }
  }

  @Test
  void pack_read_tellsWhatItsConfigsSay() {
    ModelPack pack = ModelPack.read(folder);
    assertThat(pack.architecture()).isEqualTo("smolvlm");
    assertThat(pack.decoder().layers()).isEqualTo(3);
    assertThat(pack.decoder().kvHeads()).isEqualTo(2);
    assertThat(pack.decoder().headDim()).isEqualTo(16);
    assertThat(pack.decoder().endIds()).containsExactlyInAnyOrder(511L, 2L);
    assertThat(pack.vision().tokensPerFrame()).isEqualTo(4);
    assertThat(pack.vision().picture())
        .isEqualTo(new PictureSpec(64, 64, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.LANCZOS));
    assertThat(pack.onlooker()).isEmpty();
    assertThat(pack.chatTemplate()).hasValueSatisfying(t -> assertThat(t).contains("Assistant:"));
    assertThat(pack.precisions())
        .isEqualTo(Map.of(
            "vision_encoder", "fp32", "embed_tokens", "fp32", "decoder_model_merged", "fp32"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.json",
        "preprocessor_config.json",
        "tokenizer.json",
        "onnx/vision_encoder.onnx",
        "onnx/embed_tokens.onnx",
        "onnx/decoder_model_merged.onnx"
      })
  void file_missing_isNamed(String file) throws IOException {
    Files.delete(folder.resolve(file));
    assertThatThrownBy(() -> ModelPack.read(folder))
        .isInstanceOf(PackException.class)
        .hasMessageContaining(folder.resolve(file) + " is missing");
  }

  @Test
  void folder_missing_isNamed() {
    assertThatThrownBy(() -> ModelPack.read(folder.resolve("nowhere")))
        .isInstanceOf(PackException.class)
        .hasMessageContaining("nowhere is not a folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"model_type\": \"smolvlm\", ", "[1, 2]", "", "\u0000\u0001"})
  void config_thatIsNoJsonObject_isNamed(String text) throws IOException {
    Files.writeString(folder.resolve("config.json"), text);
    assertThatThrownBy(() -> ModelPack.read(folder))
        .isInstanceOf(PackException.class)
        .hasMessageContaining(folder.resolve("config.json") + " is not")
        .hasMessageContaining("copy the file again");
  }

  @Test
  void key_missingOrWrong_isNamed() throws IOException {
    String config = Files.readString(folder.resolve("config.json"));
    replaceConfig(config.replace("\"num_hidden_layers\"", "\"layers\""));
    assertThatThrownBy(() -> ModelPack.read(folder))
        .hasMessageContaining("\"text_config.num_hidden_layers\" is missing");
    replaceConfig(config.replaceFirst("\"image_size\": *64", "\"image_size\": \"large\""));
    assertThatThrownBy(() -> ModelPack.read(folder))
        .hasMessageContaining("\"vision_config.image_size\" should be a whole number");
    replaceConfig(config.replaceFirst("\"smolvlm\"", "\"qwen2_vl\""));
    assertThatThrownBy(() -> ModelPack.read(folder))
        .hasMessageContaining("\"qwen2_vl\" is not supported; supported are [idefics3, smolvlm]");
  }

  @Test
  void tokenizer_thatIsBroken_isNamed() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "{\"version\": \"1.0\"");
    ModelPack pack = ModelPack.read(folder);
    assertThatThrownBy(() -> PackTokenizer.open(pack))
        .isInstanceOf(PackException.class)
        .hasMessageContaining("tokenizer.json cannot be read as a tokenizer");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 5000})
  void graph_cutShort_isNamed(int bytes) throws IOException {
    Path graph = folder.resolve("onnx/embed_tokens.onnx");
    try (RandomAccessFile file = new RandomAccessFile(graph.toFile(), "rw")) {
      file.setLength(bytes);
    }
    assertThatThrownBy(() -> OnnxModel.load(graph, ExecutionProvider.CPU, 1).close())
        .isInstanceOf(PackException.class)
        .hasMessageContaining("embed_tokens.onnx cannot be loaded")
        .hasMessageContaining("copy the pack again");
  }

  @Test
  void precision_wished_isTakenWhereItIsThere() throws IOException {
    Files.copy(
        folder.resolve("onnx/embed_tokens.onnx"), folder.resolve("onnx/embed_tokens_int8.onnx"));
    ModelPack pack = ModelPack.read(folder, "int8");
    assertThat(pack.precisions())
        .containsEntry("embed_tokens", "int8")
        .containsEntry("vision_encoder", "fp32");
    assertThat(ModelPack.read(folder).precisions()).containsEntry("embed_tokens", "fp32");
    assertThatThrownBy(() -> ModelPack.read(folder, "int9")).hasMessageContaining("int9");
  }

  @Test
  void fingerprint_changesWithFilesPrecisionAndFactsOnly() throws IOException {
    List<String> facts = List.of("prompt 1");
    String before = ModelPack.read(folder).fingerprint(facts);
    assertThat(before).matches("[0-9a-f]{64}").isEqualTo(ModelPack.read(PACK).fingerprint(facts));
    assertThat(ModelPack.read(folder).fingerprint(List.of("prompt 2"))).isNotEqualTo(before);

    Files.copy(
        folder.resolve("onnx/embed_tokens.onnx"), folder.resolve("onnx/embed_tokens_int8.onnx"));
    assertThat(ModelPack.read(folder).fingerprint(facts)).isEqualTo(before);
    assertThat(ModelPack.read(folder, "int8").fingerprint(facts)).isNotEqualTo(before);

    byte[] graph = Files.readAllBytes(folder.resolve("onnx/embed_tokens.onnx"));
    graph[graph.length / 2] ^= 1;
    Files.write(folder.resolve("onnx/embed_tokens.onnx"), graph);
    assertThat(ModelPack.read(folder).fingerprint(facts)).isNotEqualTo(before);
  }

  @Test
  void device_asked_isResolvedOrExplained() {
    assertThat(ExecutionProvider.of("cpu").device()).isEqualTo("cpu");
    assertThatThrownBy(() -> ExecutionProvider.of("tpu")).hasMessageContaining("tpu");
    ExecutionProvider found = ExecutionProvider.of("auto");
    if (found == ExecutionProvider.CPU) {
      assertThatThrownBy(() -> ExecutionProvider.of("cuda"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("device \"cuda\" cannot be used");
    }
  }

  @Test
  void natives_unpackedTwice_areTheSameFilesAndNoPartsAreLeft() throws IOException {
    Path target = folder.resolve("native");
    Map<String, String> properties = new HashMap<>();
    for (String name : List.of("DJL_CACHE_DIR", "ENGINE_CACHE_DIR", "onnxruntime.native.path")) {
      properties.put(name, System.getProperty(name, ""));
    }
    try {
      Natives.unpackTo(target);
      Natives.unpackTo(target);
      Path runtime = Path.of(System.getProperty("onnxruntime.native.path"));
      assertThat(runtime).startsWith(target.toAbsolutePath());
      try (Stream<Path> files = Files.list(runtime)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .isNotEmpty()
            .allMatch(name -> name.contains("onnxruntime") && !name.endsWith(".part"));
      }
    } finally {
      properties.forEach((name, value) -> {
        if (value.isEmpty()) {
          System.clearProperty(name);
        } else {
          System.setProperty(name, value);
        }
      });
    }
  }

  private void replaceConfig(String text) throws IOException {
    Files.write(folder.resolve("config.json"), text.getBytes(StandardCharsets.UTF_8));
  }
}
