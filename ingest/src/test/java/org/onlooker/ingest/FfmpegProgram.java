package org.onlooker.ingest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** FFmpeg's own program from the same jar: makes clips, and is the oracle for what we decode. */
final class FfmpegProgram {
  private static final long SECONDS_MAX = 60;

  private FfmpegProgram() {}

  /** Runs {@code ffmpeg -v error -y ARGUMENTS}; arguments are split at spaces. */
  static void run(String arguments, Path output) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(FfmpegNatives.program());
    command.addAll(List.of("-v", "error", "-nostdin", "-y"));
    command.addAll(List.of(arguments.strip().split("\\s+")));
    command.add(output.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + said);
    }
  }

  /** A moving picture, H.264, 640x360, 25 frames a second, a key frame each second. */
  static Path clip(Path folder, int seconds) throws IOException, InterruptedException {
    Path clip = folder.resolve("clip.mp4");
    run(
        "-f lavfi -i testsrc2=size=640x360:rate=25:duration=" + seconds
            + " -c:v libopenh264 -b:v 800k -g 25 -pix_fmt yuv420p",
        clip);
    return clip;
  }
}
