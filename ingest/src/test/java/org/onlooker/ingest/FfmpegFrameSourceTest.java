package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.testing.FrameSourceContract;

class FfmpegFrameSourceTest extends FrameSourceContract {
  @TempDir
  static Path folder;

  private static Path clip;

  @BeforeAll
  static void makeClip() throws Exception {
    clip = FfmpegProgram.clip(folder, 3);
  }

  @Override
  protected FrameSource recording(double fps) throws SourceException {
    return new SourceCatalog(List.of(folder), PICTURE, InstantSource.fixed(NOW))
        .create(Sources.fast(clip.toString(), fps));
  }

  @ParameterizedTest
  @CsvSource({"24000/1001", "30", "30000/1001", "60", "5"})
  void next_ofAnySourceRate_keepsTwoFramesASecond(String rate) throws Exception {
    Path file = folder.resolve("rate.mkv");
    FfmpegProgram.run(
        "-f lavfi -i color=red:size=64x64:rate=" + rate + ":duration=4 -c:v mpeg4", file);
    List<Frame> frames = Sources.frames(Sources.file(file, Sources.SMALL, 2));
    assertThat(frames).hasSize(8);
    double start = frames.getFirst().pts().seconds();
    for (int i = 0; i < 8; i++) {
      double late = frames.get(i).pts().seconds() - start - i / 2.0;
      assertThat(late).isBetween(-0.002, rate.equals("5") ? 0.2 : 0.043);
    }
  }

  @Test
  void next_ofVariableRate_keepsTheFirstFrameAfterEachGridPoint() throws Exception {
    Path file = folder.resolve("variable.mkv");
    // frames n at n^2 / 25 seconds: ever rarer
    FfmpegProgram.run(
        "-f lavfi -i testsrc2=size=64x64:rate=25:duration=1"
            + " -vf setpts=N*N/25/TB -fps_mode passthrough"
            + " -enc_time_base 1/1000 -c:v ffv1",
        file);
    List<Double> kept = new ArrayList<>();
    for (Frame frame : Sources.frames(Sources.file(file, Sources.SMALL, 2))) {
      kept.add(frame.pts().seconds());
    }
    List<Double> expected = new ArrayList<>();
    double due = 0;
    for (int n = 0; n < 25; n++) {
      double pts = n * n / 25.0;
      if (pts >= due - 0.001) {
        expected.add(pts);
        due = (Math.floor((pts + 0.001) * 2) + 1) / 2;
      }
    }
    assertThat(kept).hasSameSizeAs(expected);
    for (int i = 0; i < kept.size(); i++) {
      assertThat(kept.get(i)).isCloseTo(expected.get(i), Offset.offset(0.0011));
    }
  }

  @Test
  void next_whenTheSizeChangesInMidStream_goesOn() throws Exception {
    Path small = folder.resolve("small.ts");
    Path large = folder.resolve("large.ts");
    String make = "-f lavfi -i color=%s:size=%s:rate=25:duration=2 -c:v libopenh264 -g 25";
    FfmpegProgram.run(make.formatted("red", "320x240"), small);
    FfmpegProgram.run(make.formatted("blue", "640x368") + " -output_ts_offset 2", large);
    Path both = folder.resolve("both.ts");
    try (var out = Files.newOutputStream(both)) {
      Files.copy(small, out);
      Files.copy(large, out);
    }
    List<Frame> frames = Sources.frames(Sources.file(both, Sources.SMALL, 2));
    assertThat(frames).hasSizeBetween(7, 8);
    Frame first = frames.getFirst();
    Frame last = frames.getLast();
    assertThat(Sources.sample(first.picture(), 32, 32, 0)).isGreaterThan(240);
    assertThat(Sources.sample(last.picture(), 32, 32, 2)).isGreaterThan(240);
    Set<String> sizes = new HashSet<>();
    for (Frame frame : frames) {
      sizes.add(Jpegs.size(frame.snapshot()));
    }
    assertThat(sizes).containsExactlyInAnyOrder("320x240", "640x368");
  }

  @Test
  void next_letterboxed_padsInTheMiddle() throws Exception {
    PictureSpec spec =
        new PictureSpec(64, 64, PictureSpec.Fit.LETTERBOX, 0x102030, PictureSpec.Filter.BILINEAR);
    Path file = folder.resolve("white.mkv");
    FfmpegProgram.run("-f lavfi -i color=white:size=128x64:rate=5:duration=1 -c:v ffv1", file);
    Frame frame = Sources.frames(Sources.file(file, spec, 2)).getFirst();
    for (int y : new int[] {0, 15, 48, 63}) {
      assertThat(Sources.sample(frame.picture(), 30, y, 0)).isEqualTo(0x10);
      assertThat(Sources.sample(frame.picture(), 30, y, 2)).isEqualTo(0x30);
    }
    for (int y : new int[] {16, 32, 47}) {
      assertThat(Sources.sample(frame.picture(), 30, y, 0)).isGreaterThan(250);
    }
  }

  @Test
  void next_ofPixelsThatAreNotSquare_showsTheRightShape() throws Exception {
    Path file = folder.resolve("wide.mkv");
    FfmpegProgram.run(
        "-f lavfi -i color=white:size=320x240:rate=5:duration=1 -vf setsar=2 -c:v ffv1", file);
    Frame frame = Sources.frames(Sources.file(file, Sources.SMALL, 2)).getFirst();
    assertThat(Jpegs.size(frame.snapshot())).isEqualTo("320x120");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1x1", "3x1", "2x2", "17x3", "4096x16", "16x4096"})
  void next_ofStrangeSize_givesFrames(String size) throws Exception {
    Path file = folder.resolve("strange.mkv");
    FfmpegProgram.run(
        "-f lavfi -i color=red:size=64x64:duration=1 -vf scale=" + size.replace('x', ':')
            + " -pix_fmt yuv444p -c:v ffv1",
        file);
    for (PictureSpec.Fit fit : PictureSpec.Fit.values()) {
      PictureSpec spec = new PictureSpec(64, 64, fit, 0, PictureSpec.Filter.LANCZOS);
      Frame frame = Sources.frames(Sources.file(file, spec, 2)).getFirst();
      assertThat(Sources.sample(frame.picture(), 32, 32, 0)).isGreaterThan(240);
      assertThat(Jpegs.read(frame.thumbnail()).getWidth()).isPositive();
    }
  }

  @Test
  void next_ofFileCutInMidPicture_givesWhatIsThere() throws Exception {
    byte[] whole = Files.readAllBytes(tsClip());
    Path cut = folder.resolve("cut.ts");
    Files.write(cut, Arrays.copyOf(whole, whole.length * 2 / 3));
    assertThat(Sources.frames(Sources.file(cut, Sources.SMALL, 10))).hasSizeBetween(14, 22);
  }

  @Test
  void next_ofDamagedFile_countsAndGoesOn() throws Exception {
    byte[] bytes = Files.readAllBytes(tsClip());
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      bytes[random.nextInt(bytes.length / 4, bytes.length * 3 / 4)] ^= (byte) random.nextInt(256);
    }
    Path damaged = folder.resolve("damaged.ts");
    Files.write(damaged, bytes);
    List<Frame> frames = Sources.frames(Sources.file(damaged, Sources.SMALL, 10));
    assertThat(frames.getLast().pts().seconds() - frames.getFirst().pts().seconds())
        .isGreaterThan(2.5);
  }

  private static Path tsClip() throws IOException, InterruptedException {
    Path file = folder.resolve("clip.ts");
    FfmpegProgram.run("-i " + clip + " -c copy", file);
    return file;
  }

  @Test
  void open_ofMissingCodec_namesIt() throws Exception {
    Path file = folder.resolve("strange.avi");
    FfmpegProgram.run("-f lavfi -i color=red:size=64x64:duration=1 -c:v mpeg4", file);
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Files.write(file, text.replace("FMP4", "ZZZZ").getBytes(StandardCharsets.ISO_8859_1));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> Sources.frames(Sources.file(file, Sources.SMALL, 2)))
        .satisfies(e -> assertThat(e.error()).isEqualTo(SourceError.CODEC))
        .withMessageContaining("strange.avi");
  }
}
