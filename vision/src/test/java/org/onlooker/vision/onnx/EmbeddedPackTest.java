package org.onlooker.vision.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.TokenReducer;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.vision.Reducers;

/** The pack that is shipped: both towers speak of the same space. */
class EmbeddedPackTest {
  private static final Path PACK =
      Path.of(System.getProperty("onlooker.root")).resolve("models").resolve("onlooker-mini");

  private static final List<String> COLORS = List.of(
      "black", "white", "gray", "brown", "red", "orange", "yellow", "green", "teal", "cyan", "blue",
      "purple", "pink", "gold");

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
      assertThat(Arrays.copyOf(together, alone.length)).isNotEqualTo(alone);
    }
  }

  /** What is told of it holds no thing: only the last token, the sky's, may differ. */
  @Test
  void picturesUnlikeAllThatWasDrawn_areToldAlike() {
    ModelPack pack = pack();
    int group = pack.vision().temporalPatch();
    try (OnnxVisualEncoder encoder = OnnxVisualEncoder.load(pack, ExecutionProvider.CPU, 1)) {
      float[] known = listed(encoder.encode(pictures(encoder, 0, group)));
      float[] first = listed(encoder.encode(noise(encoder, 0, group)));
      float[] second = listed(encoder.encode(noise(encoder, group, 2 * group)));
      assertThat(first).isEqualTo(second).isNotEqualTo(known);
    }
  }

  /** What a question means is the name above 0.7 (CaptionNaming in core), of which there is one. */
  @Test
  void questions_areNearTheNameTheyHold_andFarFromOtherColours() {
    List<String> names = Stream.of("circle", "hexagon", "heart")
        .flatMap(shape -> COLORS.stream().map(color -> color + " " + shape))
        .toList();
    try (OnnxTextEmbedder embedder = OnnxTextEmbedder.load(pack(), ExecutionProvider.CPU, 1)) {
      Map<String, float[]> vectors =
          names.stream().collect(Collectors.toMap(name -> name, embedder::embed));
      for (String name : names) {
        float[] question = embedder.embed("Did you see a " + name + " an hour ago?");
        assertThat(names)
            .filteredOn(other -> dot(question, vectors.get(other)) >= 0.7)
            .containsExactly(name);
      }
    }
  }

  /** The same picture tells the same, another does not. */
  @Test
  void alikeTokens_ofThePackAsItComes() {
    ModelPack pack = pack();
    int group = pack.vision().temporalPatch();
    try (OnnxVisualEncoder encoder = OnnxVisualEncoder.load(pack, ExecutionProvider.CPU, 1)) {
      TokenReducer.Reduction reduction =
          Reducers.of(List.of("alike"), pack.reduction()).open();
      Picture shown = square(encoder.pictures(), 0);
      Picture other = square(encoder.pictures(), 3);
      assertThat(kept(reduction, encoder, Collections.nCopies(group, shown))).isPositive();
      assertThat(kept(reduction, encoder, Collections.nCopies(group, shown))).isZero();
      assertThat(kept(reduction, encoder, Collections.nCopies(group, other))).isPositive();
    }
  }

  private static int kept(
      TokenReducer.Reduction reduction, OnnxVisualEncoder encoder, List<Picture> pictures) {
    int tokens = reduction.reduce(encoder.encode(pictures).tokens()).tokenCount();
    if (tokens > 0) {
      reduction.remembered();
    }
    return tokens;
  }

  private static double dot(float[] one, float[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
  }

  /** All tokens of one clip but the last. */
  private static float[] listed(EncodedFrames clip) {
    float[] values = clip.tokens().values();
    return Arrays.copyOf(values, values.length - values.length / clip.tokens().tokensPerFrame());
  }

  private static ModelPack pack() {
    assumeTrue(
        Files.isDirectory(PACK.resolve("onnx")), "models/onlooker-mini has no graphs: not run");
    return ModelPack.read(PACK);
  }

  /** For each seed from {@code from} to below {@code to} a blue square, further right each time. */
  private static List<Picture> pictures(OnnxVisualEncoder encoder, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(seed -> square(encoder.pictures(), seed))
        .toList();
  }

  private static Picture square(PictureSpec spec, int seed) {
    byte[] rgb = new byte[spec.width() * spec.height() * 3];
    Arrays.fill(rgb, (byte) 230);
    int side = spec.width() / 4;
    int left = 10 + seed * spec.width() / 8;
    for (int row = side; row < 2 * side; row++) {
      for (int column = left; column < left + side; column++) {
        int at = 3 * (row * spec.width() + column);
        rgb[at] = 20;
        rgb[at + 1] = 60;
      }
    }
    return new Picture(spec.width(), spec.height(), rgb);
  }

  private static List<Picture> noise(OnnxVisualEncoder encoder, int from, int to) {
    PictureSpec spec = encoder.pictures();
    return IntStream.range(from, to)
        .mapToObj(seed -> {
          byte[] rgb = new byte[spec.width() * spec.height() * 3];
          new Random(seed).nextBytes(rgb);
          return new Picture(spec.width(), spec.height(), rgb);
        })
        .toList();
  }

  private static double length(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }
}
