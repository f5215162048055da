package org.onlooker.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.onlooker.ingest.FfmpegNatives;

/** FFmpeg's own program, from the native jar that the product reads videos with. */
final class FfmpegProgram {
  private FfmpegProgram() {}

  /**
   * Runs it to its end.
   *
   * @return what it said
   * @throws IOException when it fails, with what it said
   */
  static String run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(
        List.of(FfmpegNatives.program(), "-hide_banner", "-nostdin", "-nostats", "-y"));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  /** Videos of one encoding one behind the other, again and again, cut at {@code seconds}. */
  static void join(List<Path> videos, int rounds, double seconds, Path joined)
      throws IOException, InterruptedException {
    Path list = Files.createTempFile(joined.getParent(), "videos", ".txt");
    String round = videos.stream()
        .map(video -> "file '" + video.toString().replace("'", "'\\''") + "'\n")
        .collect(Collectors.joining());
    try {
      Files.writeString(list, round.repeat(rounds));
      run(List.of(
          "-f",
          "concat",
          "-safe",
          "0",
          "-i",
          list.toString(),
          "-t",
          String.format(Locale.ROOT, "%.3f", seconds),
          "-c",
          "copy",
          joined.toString()));
    } finally {
      Files.delete(list);
    }
  }
}
