package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceInfo;

/** FFmpeg's own program, which turns pictures by default, is the oracle. */
class OrientationTest {
  private static final Path MEDIA =
      Path.of(System.getProperty("onlooker.root", "..")).resolve("testdata/media");
  private static final int SIDE = 96;
  private static final double DIFFERENCE_MAX = 4;
  private static final PictureSpec SPEC =
      new PictureSpec(SIDE, SIDE, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);
  private static final List<Orientation> ALL = List.of(
      new Orientation(1, 0, 0, 1),
      new Orientation(-1, 0, 0, 1),
      new Orientation(1, 0, 0, -1),
      new Orientation(-1, 0, 0, -1),
      new Orientation(0, 1, 1, 0),
      new Orientation(0, -1, 1, 0),
      new Orientation(0, 1, -1, 0),
      new Orientation(0, -1, -1, 0));

  @TempDir
  static Path folder;

  private static Path clip;

  @BeforeAll
  static void makeClip() throws Exception {
    clip = FfmpegProgram.clip(folder, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, ''", "90, ''", "180, ''", "270, ''",
    "0, -display_hflip", "90, -display_hflip", "180, -display_hflip", "270, -display_hflip"
  })
  void next_ofTurnedAndMirroredFile_isUpright(String degrees, String mirror) throws Exception {
    Path file = folder.resolve("turned.mp4");
    String turn = "-display_rotation " + degrees + " " + mirror;
    FfmpegProgram.run(turn.strip() + " -i " + clip + " -c copy", file);
    assertLikeOracle(file);
    try (FrameSource source = Sources.file(file, SPEC, 2)) {
      SourceInfo info = source.open();
      boolean quarter = degrees.equals("90") || degrees.equals("270");
      assertThat(info.width()).isEqualTo(quarter ? 360 : 640);
      assertThat(Jpegs.size(source.next().orElseThrow().snapshot()))
          .isEqualTo(quarter ? "360x640" : "640x360");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"video_90.mov", "androidx_sample_rotate_and_reflect.mp4"})
  void next_ofFileFromAPhone_isUpright(String name) throws Exception {
    assertLikeOracle(MEDIA.resolve(name));
  }

  private static void assertLikeOracle(Path file) throws Exception {
    Path raw = folder.resolve("oracle.rgb");
    FfmpegProgram.run(
        "-i " + file + " -frames:v 1 -vf scale=" + SIDE + ":" + SIDE
            + ":flags=bicubic+accurate_rnd -pix_fmt rgb24 -f rawvideo",
        raw);
    byte[] oracle = Files.readAllBytes(raw);
    Picture ours = Sources.frames(Sources.file(file, SPEC, 2)).getFirst().picture();
    double difference = difference(ours.rgb(), oracle);
    assertThat(difference).isLessThan(DIFFERENCE_MAX);
    for (Orientation other : ALL.subList(1, ALL.size())) {
      assertThat(difference(other.apply(ours.rgb(), SIDE, SIDE), oracle))
          .as("any other way round, such as %s, is farther off", other)
          .isGreaterThan(difference * 2);
    }
  }

  private static double difference(byte[] one, byte[] other) {
    assertThat(one).hasSameSizeAs(other);
    long sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs((one[i] & 0xff) - (other[i] & 0xff));
    }
    return (double) sum / one.length;
  }

  @Test
  void apply_quarterTurn_movesEachPixel() {
    byte[] row = {1, 1, 1, 2, 2, 2};
    // (x, y) goes to (-y, x): a quarter to the right
    assertThat(new Orientation(0, 1, -1, 0).apply(row, 2, 1)).isEqualTo(row);
    byte[] column = {1, 1, 1, 2, 2, 2};
    assertThat(new Orientation(0, 1, -1, 0).apply(column, 1, 2))
        .isEqualTo(new byte[] {2, 2, 2, 1, 1, 1});
  }

  @Test
  void of_matrixThatIsNoQuarterTurn_isUpright() {
    int half = 1 << 15;
    assertThat(Orientation.of(IntBuffer.wrap(new int[] {half, half, 0, -half, half, 0, 0, 0, 1})))
        .isEqualTo(Orientation.UPRIGHT);
    assertThat(Orientation.of(IntBuffer.wrap(new int[9]))).isEqualTo(Orientation.UPRIGHT);
    int one = 1 << 16;
    assertThat(Orientation.of(IntBuffer.wrap(new int[] {one, 0, 0, one, 0, 0, 0, 0, 1})))
        .as("two axes that fall together")
        .isEqualTo(Orientation.UPRIGHT);
  }
}
