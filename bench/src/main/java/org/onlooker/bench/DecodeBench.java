package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.onlooker.core.FileTree;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pace;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.ingest.PicturesOnly;
import org.onlooker.ingest.RecordedFile;
import org.onlooker.ingest.RecordedSegments;
import org.onlooker.ingest.SourceCatalog;

/**
 * CPU seconds of decode, sample and scale against FFmpeg's own program from the same native jar:
 * the same clip, the same filter, one thread, runs that alternate.
 *
 * <p>Ours is the CPU time of the whole process (compiler and collector included) over one pass of
 * the clip, after passes that are not counted; FFmpeg's is what its {@code -benchmark} reports,
 * its start included. The program throws its pictures away; ours are copied into the Java heap.
 */
final class DecodeBench {
  private static final String NAME = "decode";
  private static final String UNIT = "CPU s";
  private static final double GOAL = 1.05;
  private static final int WARM_UP_PASSES = 2;
  private static final double FPS = 2;
  private static final int SIDE = 512;
  private static final PictureSpec PICTURE =
      new PictureSpec(SIDE, SIDE, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);
  private static final String SAME_FILTER =
      "fps=2,scale=512:512:flags=bicubic+accurate_rnd+full_chroma_int:param0=0:param1=0.5"
          + ",format=rgb24";
  private static final Pattern CPU_SECONDS = Pattern.compile("utime=([0-9.]+)s stime=([0-9.]+)s");

  private final int pairCount;
  private final int clipSeconds;

  private DecodeBench(boolean quick) {
    this.pairCount = quick ? 5 : 9;
    this.clipSeconds = quick ? 30 : 60;
  }

  /** Takes {@code --quick} and {@code --json}; returns the exit code: 0 when the goal is met. */
  static int run(List<String> arguments) throws Exception {
    List<Figure> figures = new DecodeBench(arguments.contains("--quick")).measure();
    if (arguments.contains("--json")) {
      figures.forEach(f -> System.out.println(f.json()));
    } else {
      System.out.println("decode a 1280x720 H.264 clip, keep 2 frames a second at 512x512 RGB:");
      figures.forEach(f -> System.out.println(f.row()));
    }
    return figures.getFirst().isMet() ? 0 : 1;
  }

  private List<Figure> measure() throws Exception {
    Path folder = Files.createTempDirectory("onlooker-bench");
    Path clip = folder.resolve("clip.mp4");
    try {
      FfmpegProgram.run(List.of(
          "-f",
          "lavfi",
          "-i",
          "testsrc2=size=1280x720:rate=30:duration=" + clipSeconds,
          "-c:v",
          "libopenh264",
          "-b:v",
          "3M",
          "-g",
          "60",
          "-pix_fmt",
          "yuv420p",
          clip.toString()));
      return compare(clip);
    } finally {
      Files.deleteIfExists(clip);
      Files.delete(folder);
    }
  }

  private List<Figure> compare(Path clip) throws Exception {
    for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
      ours(picturesOnly(clip));
      ours(asWatched(clip));
      recorded(clip);
    }
    PairedRuns pictures = new PairedRuns();
    PairedRuns jpegs = new PairedRuns();
    PairedRuns recording = new PairedRuns();
    for (int pair = 0; pair < pairCount; pair++) {
      double reference = theirs(clip);
      double ours = ours(picturesOnly(clip));
      pictures.add(ours, reference);
      double watched = ours(asWatched(clip));
      jpegs.add(watched, ours);
      recording.add(recorded(clip), watched);
    }
    return List.of(
        pictures.figure(NAME, "decode, sample, scale", UNIT, "ffmpeg program", Optional.of(GOAL)),
        jpegs.figure(NAME, "with snapshot and thumbnail", UNIT, "without them", Optional.empty()),
        recording.figure(NAME, "and recorded into segments", UNIT, "not", Optional.empty()));
  }

  private static FrameSource picturesOnly(Path clip) {
    return PicturesOnly.of(clip, PICTURE, FPS);
  }

  private static FrameSource asWatched(Path clip) throws SourceException {
    StreamSpec spec = new StreamSpec(
        new StreamId(NAME), clip.toString(), FPS, Optional.empty(), Pace.FAST, false);
    return new SourceCatalog(List.of(clip.getParent()), PICTURE, InstantSource.system())
        .create(spec);
  }

  /** As watched, and all packets written into segments; what is written counts as well. */
  private double recorded(Path clip) throws SourceException, IOException {
    Path folder = Files.createTempDirectory("onlooker-bench-segments");
    var options = new RecordedSegments.Options(true, 0);
    double start = cpuSeconds();
    try (RecordedSegments segments = RecordedSegments.open(folder, options)) {
      read(RecordedFile.of(clip, PICTURE, FPS, segments));
    }
    double seconds = cpuSeconds() - start;
    FileTree.delete(folder);
    return seconds;
  }

  private double ours(FrameSource source) throws SourceException {
    double start = cpuSeconds();
    read(source);
    return cpuSeconds() - start;
  }

  private static double cpuSeconds() {
    return Measures.processCpuNanos() / 1e9;
  }

  private void read(FrameSource source) throws SourceException {
    int frames = 0;
    try (source) {
      source.open();
      for (Optional<Frame> next = source.next(); next.isPresent(); next = source.next()) {
        frames++;
        source.placed(next.get().pts());
      }
    }
    if (frames != clipSeconds * FPS) {
      throw new IllegalStateException(frames + " frames kept, expected " + clipSeconds * FPS);
    }
  }

  private static double theirs(Path clip) throws IOException, InterruptedException {
    String said = FfmpegProgram.run(List.of(
        "-benchmark",
        "-threads",
        "1",
        "-filter_threads",
        "1",
        "-i",
        clip.toString(),
        "-an",
        "-vf",
        SAME_FILTER,
        "-f",
        "null",
        "-"));
    Matcher found = CPU_SECONDS.matcher(said);
    if (!found.find()) {
      throw new IOException("no CPU time in what ffmpeg said: " + said);
    }
    return Double.parseDouble(found.group(1)) + Double.parseDouble(found.group(2));
  }
}
