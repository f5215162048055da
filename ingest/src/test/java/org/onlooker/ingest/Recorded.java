package org.onlooker.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.onlooker.core.Footage;
import org.onlooker.core.Frame;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.SourceException;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.testing.Await;

/** Files that are recorded as a live source would be, as fast as they can be read. */
final class Recorded {
  static final StreamId CAM = new StreamId("cam");
  private static final double FPS = 2;

  private Recorded() {}

  /** The segments' files below {@code root}, by name. */
  static List<Path> files(Path root) throws IOException {
    Path folder = root.resolve(CAM.value());
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** A repeated file is recorded, one that is read once is not. */
  static StreamSpec repeated(String file) {
    return new StreamSpec(CAM, file, FPS, Optional.empty(), Pace.FAST, true);
  }

  static FfmpegFrameSource source(RecordedSegments segments, Path file) {
    return source(file, segments.listener(repeated(file.toString()), address(file)));
  }

  static FfmpegFrameSource source(Path file, PacketListener listener) {
    return new FfmpegFrameSource(
        address(file), new Pictures(Sources.SMALL), FPS, Sources.FIXED, listener);
  }

  static SourceAddress address(Path file) {
    return SourceAddress.file(file, file.toString());
  }

  /** Watches a file to its end, its first frame standing at {@code startMicros} of media time. */
  static int watch(FfmpegFrameSource source, long startMicros) throws SourceException {
    int frames = 0;
    try (source) {
      source.open();
      long offset = 0;
      long last = Long.MIN_VALUE;
      for (Optional<Frame> next = source.next(); next.isPresent(); next = source.next()) {
        long pts = next.get().pts().micros();
        if (frames == 0) {
          offset = startMicros - pts;
        } else if (pts < last) { // as the stream's clock does it: time goes on
          offset += last - pts + 1_000_000;
        }
        last = pts;
        frames++;
        source.placed(new Pts(pts + offset));
      }
    }
    return frames;
  }

  static void watch(RecordedSegments segments, Path file, double startSeconds)
      throws SourceException {
    watch(source(segments, file), Math.round(startSeconds * 1e6));
  }

  /** A checksum of each decoded picture, in the order shown. */
  static List<String> pictures(Path file) throws IOException, InterruptedException {
    return hashes(file, "-fps_mode passthrough -pix_fmt yuv420p -f framemd5");
  }

  /** A checksum of each packet, in decoding order. */
  static List<String> packets(Path file) throws IOException, InterruptedException {
    return hashes(file, "-c copy -f framemd5");
  }

  private static List<String> hashes(Path file, String how)
      throws IOException, InterruptedException {
    Path list = Files.createTempFile("hashes", ".txt");
    FfmpegProgram.run("-i " + file + " -map 0:v " + how, list);
    try (var lines = Files.lines(list)) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.substring(line.lastIndexOf(',') + 1).strip())
          .toList();
    } finally {
      Files.delete(list);
    }
  }

  static Footage cut(RecordedSegments segments, double start, double end) {
    awaitWritten(segments);
    return segments.cut(CAM, Span.ofSeconds(start, end)).orElseThrow();
  }

  /** Checksums of the pictures that a cut shows. */
  static List<String> shown(RecordedSegments segments, double start, double end)
      throws IOException, InterruptedException {
    try (Footage footage = cut(segments, start, end)) {
      return pictures(footage.file());
    }
  }

  static double lengthSeconds(Path file) {
    Span span = PieceReader.spanOf(Piece.segment(file, Pts.ZERO)).orElseThrow();
    return span.end().seconds();
  }

  /** Until all that was handed over before is written. */
  static void awaitWritten(RecordedSegments segments) {
    CountDownLatch written = new CountDownLatch(1);
    segments.later(written::countDown);
    Await.until("all is written", Duration.ofSeconds(10), () -> written.getCount() == 0);
  }
}
