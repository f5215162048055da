package org.onlooker.vision.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Picture;
import org.onlooker.core.VisualTokens;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.vision.GoldenPixels;

/**
 * A tower that takes two pictures together. {@code channel_means.onnx} takes {@code [n, 2, 3, 64,
 * 64]} and gives {@code [n, 6, 64]}: a token for each channel of each of the two pictures, all its
 * values the channel's mean.
 */
class TemporalPatchTest {
  private static final int EDGE = 64;
  private static final int WIDTH = 64;

  @TempDir
  Path folder;

  @BeforeEach
  void write() throws IOException {
    Path source = GoldenPixels.pack("tiny-smolvlm");
    Files.createDirectories(folder.resolve("onnx"));
    for (String file : List.of(
        "preprocessor_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "onnx/embed_tokens.onnx",
        "onnx/decoder_model_merged.onnx")) {
      Files.copy(source.resolve(file), folder.resolve(file));
    }
    try (InputStream tower =
        Objects.requireNonNull(getClass().getResourceAsStream("channel_means.onnx"))) {
      Files.copy(tower, folder.resolve("onnx/vision_encoder.onnx"));
    }
    String config = Files.readString(source.resolve("config.json"))
        .replace("\"image_size\": 64", "\"image_size\": 64, \"temporal_patch_size\": 2")
        .replaceFirst("\\{", """
            {"onlooker": {"name": "pairs", "sinks": "", "clip_open": "", "clip_close": "",
             "time": "", "question": "", "window_clips": 2, "max_context_clips": 8,
             "visual_tokens": 6},
            """);
    Files.write(folder.resolve("config.json"), config.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void pack_saysHowManyTokensAGroupHas() {
    ModelPack pack = ModelPack.read(folder);
    assertThat(pack.vision().temporalPatch()).isEqualTo(2);
    assertThat(pack.vision().tokensPerFrame()).isEqualTo(6);
    ModelPack plain = ModelPack.read(GoldenPixels.pack("tiny-smolvlm"));
    assertThat(plain.vision().temporalPatch()).isEqualTo(1);
    assertThat(plain.vision().tokensPerFrame()).isEqualTo(4);
  }

  @Test
  void evenCount_goesInGroupsOfTwo() {
    VisualTokens tokens = encode(grey(0), grey(51), grey(102), grey(255));
    assertThat(tokens.frameCount()).isEqualTo(2);
    assertThat(tokens.tokensPerFrame()).isEqualTo(6);
    assertThat(tokens.width()).isEqualTo(WIDTH);
    assertTokens(tokens, 0, 0, 0, 51, 51, 51, 102, 102, 102, 255, 255, 255);
  }

  @Test
  void oddCount_repeatsTheLastPicture() {
    assertTokens(
        encode(grey(0), grey(51), picture(255, 102, 0)),
        0,
        0,
        0,
        51,
        51,
        51,
        255,
        102,
        0,
        255,
        102,
        0);
    assertTokens(encode(grey(51)), 51, 51, 51, 51, 51, 51);
  }

  private VisualTokens encode(Picture... pictures) {
    try (OnnxVisualEncoder encoder =
        OnnxVisualEncoder.load(ModelPack.read(folder), ExecutionProvider.CPU, 1)) {
      return encoder.encode(List.of(pictures)).tokens();
    }
  }

  /** The first value of each token, as the level of its channel: mean and deviation are 0.5. */
  private static void assertTokens(VisualTokens tokens, int... levels) {
    float[] values = tokens.values();
    float[] expected = new float[levels.length];
    for (int i = 0; i < levels.length; i++) {
      expected[i] = levels[i] / 127.5f - 1;
    }
    float[] first = new float[values.length / WIDTH];
    IntStream.range(0, first.length).forEach(i -> first[i] = values[i * WIDTH]);
    assertThat(first).hasSameSizeAs(expected);
    assertThat(first).containsExactly(expected, within(1e-4f));
  }

  private static Picture grey(int level) {
    return picture(level, level, level);
  }

  private static Picture picture(int red, int green, int blue) {
    byte[] rgb = new byte[EDGE * EDGE * 3];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return new Picture(EDGE, EDGE, rgb);
  }
}
