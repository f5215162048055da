package org.onlooker.vision.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.onlooker.vision.GoldenPixels.largestDifference;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.Picture;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.PackException;
import org.onlooker.vision.GoldenPixels;

class OnnxVisualEncoderTest {
  private static final float TOLERANCE = 4e-5f;

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-smolvlm", "tiny-idefics3-fp16kv"})
  void features_ofIdenticalPixelValues_equalReference(String name) {
    try (OnnxVisualEncoder encoder = load(GoldenPixels.pack(name));
        Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < 3; i++) {
        float[] pixels = GoldenPixels.array(name, "pixels-" + i);
        float[] expected = GoldenPixels.array(name, "features-" + i);
        EncodedFrames encoded =
            encoder.run(arena, arena.allocateFrom(ValueLayout.JAVA_FLOAT, pixels), 1);
        assertThat(largestDifference(encoded.tokens().values(), expected)).isLessThan(TOLERANCE);
        assertThat(encoded.tokens().width()).isEqualTo(64);
        assertThat(encoded.embedding()).isEmpty();
      }
    }
  }

  @Test
  void clip_ofSeveralPictures_givesEachOnesFeaturesInOrder() {
    List<Picture> pictures = List.of(picture(0), picture(1), picture(2));
    try (OnnxVisualEncoder encoder = load(GoldenPixels.pack("tiny-smolvlm"))) {
      float[] all = encoder.encode(pictures).tokens().values();
      for (int i = 0; i < 3; i++) {
        float[] one = Arrays.copyOfRange(all, i * all.length / 3, (i + 1) * all.length / 3);
        float[] expected = GoldenPixels.array("tiny-smolvlm", "features-" + i);
        assertThat(largestDifference(one, expected)).isLessThan(TOLERANCE);
      }
    }
  }

  @Test
  void picture_ofAnotherSize_isRefused() {
    try (OnnxVisualEncoder encoder = load(GoldenPixels.pack("tiny-smolvlm"))) {
      Picture small = new Picture(32, 32, new byte[32 * 32 * 3]);
      assertThatThrownBy(() -> encoder.encode(List.of(small)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("picture of 32x32, the tower takes 64x64");
    }
  }

  @Test
  void graph_ofAnotherModel_isRefused() throws Exception {
    Path source = GoldenPixels.pack("tiny-smolvlm");
    Files.createDirectories(folder.resolve("onnx"));
    for (String file : List.of(
        "config.json",
        "preprocessor_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "onnx/embed_tokens.onnx",
        "onnx/decoder_model_merged.onnx",
        "onnx/vision_encoder.onnx")) {
      Files.copy(source.resolve(file), folder.resolve(file));
    }
    String config = Files.readString(folder.resolve("config.json"));
    Files.write(
        folder.resolve("config.json"),
        config
            .replaceAll("\"hidden_size\": *64", "\"hidden_size\": 80")
            .getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> load(folder).close())
        .isInstanceOf(PackException.class)
        .hasMessageContaining("image_features")
        .hasMessageContaining("config.json says [any, 4, 80]");
  }

  @Test
  void embedder_ofPackWithoutTextModel_givesEmptyVectors() {
    ModelPack pack = ModelPack.read(GoldenPixels.pack("tiny-smolvlm"));
    try (OnnxTextEmbedder embedder = OnnxTextEmbedder.load(pack, ExecutionProvider.CPU, 1)) {
      assertThat(embedder.embed("a dog")).isEmpty();
    }
  }

  private static Picture picture(int index) {
    return GoldenPixels.picture(GoldenPixels.array("tiny-smolvlm", "pixels-" + index));
  }

  private static OnnxVisualEncoder load(Path pack) {
    return OnnxVisualEncoder.load(ModelPack.read(pack), ExecutionProvider.CPU, 1);
  }
}
