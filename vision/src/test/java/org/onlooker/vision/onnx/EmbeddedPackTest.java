package org.onlooker.vision.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;

/** The pack that is shipped: both towers speak of the same space. */
class EmbeddedPackTest {
  private static final Path PACK =
      Path.of(System.getProperty("onlooker.root")).resolve("models").resolve("onlooker-mini");

  @Test
  void embeddings_ofClipsAndTexts_areUnitVectorsOfOneSpace() {
    ModelPack pack = pack();
    try (OnnxVisualEncoder encoder = OnnxVisualEncoder.load(pack, ExecutionProvider.CPU, 1);
        OnnxTextEmbedder embedder = OnnxTextEmbedder.load(pack, ExecutionProvider.CPU, 1)) {
      EncodedFrames clip = encoder.encode(pictures(encoder, 0, 2 * pack.vision().temporalPatch()));
      float[] text = embedder.embed("when did you last see the dog?");
      assertThat(clip.tokens().frameCount()).isEqualTo(2);
      assertThat(clip.tokens().tokensPerFrame()).isEqualTo(pack.vision().tokensPerFrame());
      assertThat(clip.embedding()).hasSameSizeAs(text);
      assertThat(length(clip.embedding())).isCloseTo(1, within(1e-4));
      assertThat(length(text)).isCloseTo(1, within(1e-4));
      assertThat(embedder.embed("")).isEmpty();
    }
  }

  @Test
  void frames_encodedTogether_equalThoseEncodedAlone() {
    ModelPack pack = pack();
    int group = pack.vision().temporalPatch();
    try (OnnxVisualEncoder encoder = OnnxVisualEncoder.load(pack, ExecutionProvider.CPU, 1)) {
      float[] together =
          encoder.encode(pictures(encoder, 0, 2 * group)).tokens().values();
      float[] alone =
          encoder.encode(pictures(encoder, group, 2 * group)).tokens().values();
      for (int i = 0; i < alone.length; i++) {
        assertThat(together[alone.length + i]).isCloseTo(alone[i], within(1e-3f));
      }
    }
  }

  private static ModelPack pack() {
    assumeTrue(
        Files.isDirectory(PACK.resolve("onnx")), "models/onlooker-mini has no graphs: not run");
    return ModelPack.read(PACK);
  }

  /** A random picture for each seed from {@code from} to below {@code to}. */
  private static List<Picture> pictures(OnnxVisualEncoder encoder, int from, int to) {
    return IntStream.range(from, to).mapToObj(seed -> picture(encoder, seed)).toList();
  }

  private static Picture picture(OnnxVisualEncoder encoder, int seed) {
    PictureSpec spec = encoder.pictures();
    byte[] rgb = new byte[spec.width() * spec.height() * 3];
    new Random(seed).nextBytes(rgb);
    return new Picture(spec.width(), spec.height(), rgb);
  }

  private static double length(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
