package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.Frame;

/** Samples computed here by the book come out as the colour that they stand for. */
class ColourTest {
  private static final int TOLERANCE = 3;
  private static final int JPEG_TOLERANCE = 6;
  private static final int[] COLOURS = {0xe02020, 0x20a040, 0x2050e0, 0xf0d020, 0x101010, 0xfafafa};

  @TempDir
  Path folder;

  /** Red and blue weight of a matrix (ITU-R BT.601, BT.709, BT.2020). */
  private record Matrix(double red, double blue) {
    static Matrix of(String name) {
      return switch (name) {
        case "bt709" -> new Matrix(0.2126, 0.0722);
        case "bt2020nc" -> new Matrix(0.2627, 0.0593);
        default -> new Matrix(0.299, 0.114);
      };
    }

    /** Luma in 0 to 1, and the two colour differences in -0.5 to 0.5. */
    double[] encode(int rgb) {
      double r = (rgb >> 16 & 0xff) / 255.0;
      double g = (rgb >> 8 & 0xff) / 255.0;
      double b = (rgb & 0xff) / 255.0;
      double luma = red * r + (1 - red - blue) * g + blue * b;
      return new double[] {luma, (b - luma) / (2 - 2 * blue), (r - luma) / (2 - 2 * red)};
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bt709, tv, yuv420p, 64x64, bt709",
    "bt709, pc, yuv420p, 64x64, bt709",
    "smpte170m, tv, yuv420p, 64x64, smpte170m",
    "smpte170m, pc, yuv444p, 64x64, smpte170m",
    "bt470bg, tv, yuv422p, 64x64, bt470bg",
    "bt2020nc, tv, yuv420p10le, 64x64, bt2020nc",
    "bt709, pc, yuv420p10le, 64x64, bt709",
    "smpte170m, tv, yuv420p, 640x480, unknown",
    "bt709, tv, yuv420p, 1280x720, unknown",
  })
  void next_givesTheColourThatWasMeant(
      String matrix, String range, String format, String size, String tag) throws Exception {
    for (int colour : COLOURS) {
      Path file = encode(colour, matrix, range, format, size, tag);
      Frame frame = Sources.frames(Sources.file(file, Sources.SMALL, 2)).getFirst();
      int jpeg = Jpegs.read(frame.snapshot()).getRGB(20, 20);
      for (int channel = 0; channel < 3; channel++) {
        int shift = 16 - 8 * channel;
        assertThat(Sources.sample(frame.picture(), 20, 20, channel))
            .as("channel %d of %06x", channel, colour)
            .isCloseTo(colour >> shift & 0xff, Offset.offset(TOLERANCE));
        assertThat(jpeg >> shift & 0xff)
            .as("snapshot, channel %d of %06x", channel, colour)
            .isCloseTo(colour >> shift & 0xff, Offset.offset(JPEG_TOLERANCE));
      }
    }
  }

  private Path encode(
      int colour, String matrix, String range, String format, String size, String tag)
      throws Exception {
    int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
    int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
    double[] parts = Matrix.of(matrix).encode(colour);
    boolean deep = format.contains("10");
    int unit = deep ? 4 : 1;
    boolean full = range.equals("pc");
    long top = (deep ? 1023 : 255);
    long luma = Math.round(full ? parts[0] * top : (16 + 219 * parts[0]) * unit);
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    fill(raw, width * height, luma, deep);
    int chromaWidth = format.contains("444") ? width : width / 2;
    int chromaHeight = format.contains("420") ? height / 2 : height;
    for (int i = 1; i < 3; i++) {
      double difference = parts[i] * (full ? top : 224 * unit);
      fill(raw, chromaWidth * chromaHeight, Math.round(128 * unit + difference), deep);
    }
    Path samples = folder.resolve("samples.yuv");
    Files.write(samples, raw.toByteArray());
    Path file = folder.resolve("colour.mkv");
    String tags = tag.equals("unknown") ? "" : "colorspace=" + tag + ":";
    FfmpegProgram.run(
        "-f rawvideo -pix_fmt " + format + " -s " + size + " -i " + samples + " -vf setparams="
            + tags + "range=" + range + " -c:v ffv1",
        file);
    return file;
  }

  private static void fill(ByteArrayOutputStream raw, int count, long value, boolean deep) {
    int clipped = (int) Math.clamp(value, 0, deep ? 1023 : 255);
    for (int i = 0; i < count; i++) {
      raw.write(clipped);
      if (deep) {
        raw.write(clipped >> 8);
      }
    }
  }
}
