package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Picture;
import org.onlooker.ingest.FfmpegNatives;
import org.onlooker.ingest.PicturesOnly;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.VisionConfig;
import org.onlooker.vision.PixelNormalizer;

/** Scaling by FFmpeg and normalising by us, against the reference library's image processor. */
class PreprocessingParityTest {
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final double MEAN_DIFFERENCE_MAX = 2 / 255.0;

  @ParameterizedTest
  @CsvSource({
    "tiny-smolvlm, 0",
    "tiny-smolvlm, 1",
    "tiny-smolvlm, 2",
    "tiny-idefics3-fp16kv, 0",
    "tiny-idefics3-fp16kv, 1",
    "tiny-idefics3-fp16kv, 2"
  })
  void pixelValues_ofAPicture_areTheReferences(String pack, int index) throws Exception {
    FfmpegNatives.unpackTo(ROOT.resolve(".onlooker/native"));
    Path golden = ROOT.resolve("testdata/golden").resolve(pack);
    VisionConfig vision =
        ModelPack.read(ROOT.resolve("testdata/packs").resolve(pack)).vision();
    FloatBuffer expected = ByteBuffer.wrap(
            Files.readAllBytes(golden.resolve("pixels-" + index + ".f32")))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
    try (FrameSource source =
            PicturesOnly.of(golden.resolve("picture-" + index + ".png"), vision.picture(), 1);
        Arena arena = Arena.ofConfined()) {
      source.open();
      Picture picture = source.next().orElseThrow().picture();
      MemorySegment values = arena.allocate(expected.remaining() * 4L, 4);
      new PixelNormalizer(vision).write(picture, values, 0);
      double sum = 0;
      for (int i = 0; i < expected.remaining(); i++) {
        // pixel_values span 2 (from -1 to 1), levels span 1
        sum += Math.abs(values.getAtIndex(ValueLayout.JAVA_FLOAT, i) - expected.get(i)) / 2;
      }
      assertThat(sum / expected.remaining()).isLessThanOrEqualTo(MEAN_DIFFERENCE_MAX);
    }
  }
}
