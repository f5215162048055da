package org.onlooker.ingest;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;

/**
 * A segment in the making; {@link SegmentFiles} says what its file is. All times of packets are
 * microseconds of the source's clock. One owner thread.
 *
 * <p>Life cycle: 1. {@link #begin}; 2. {@link #write} and {@link #flush}; 3. {@link #end} once.
 */
final class SegmentFile {
  private final StreamSegments stream;
  private final Path path;
  private final Mp4Writer file;
  private final Pts start;
  private final long offsetMicros;
  private final long firstPts;
  private final long firstDts;
  private long lastDts;
  private long endPts;
  private long fragmentDts;
  private long fragmentNanos;
  private long fragmentPackets;
  private StreamSegments.@Nullable Entry safe;

  private SegmentFile(
      StreamSegments stream, Path path, Mp4Writer file, Pts start, AVPacket first, long offset) {
    this.stream = stream;
    this.path = path;
    this.file = file;
    this.start = start;
    this.offsetMicros = offset;
    this.firstPts = first.pts();
    this.firstDts = first.dts();
    this.lastDts = first.dts();
    this.endPts = first.pts();
  }

  /**
   * Makes the file.
   *
   * @param start a moment that no other segment of the stream starts at
   * @param first the keyframe that is to be written first
   * @param offsetMicros from the source's clock to media time
   */
  static SegmentFile begin(
      StreamSegments stream,
      VideoParameters parameters,
      Pts start,
      AVPacket first,
      long offsetMicros)
      throws IOException {
    Files.createDirectories(stream.folder());
    Path path = SegmentFiles.inTheMaking(stream.folder(), start);
    try {
      Mp4Writer file = Mp4Writer.create(path, parameters.get(), Mp4Writer.Layout.FRAGMENTED);
      return new SegmentFile(stream, path, file, start, first, offsetMicros);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  void write(AVPacket packet) throws IOException {
    if (fragmentPackets == 0) {
      fragmentDts = packet.dts();
      fragmentNanos = System.nanoTime();
    }
    fragmentPackets++;
    lastDts = Math.max(lastDts, packet.dts());
    endPts = Math.max(endPts, packet.pts() + packet.duration());
    packet.pts(packet.pts() - firstDts);
    packet.dts(packet.dts() - firstDts);
    file.write(packet);
  }

  /** Ends the fragment in the making: what was written so far is safe, and can be read. */
  void flush() throws IOException {
    if (fragmentPackets > 0) {
      file.flush();
      fragmentPackets = 0;
      safe = new StreamSegments.Entry(path, span(), file.bytes(), true);
      stream.put(safe);
    }
  }

  /** Completes the file, as far as the disk allows; one that holds nothing is deleted. */
  void end() throws IOException {
    try {
      flush();
      file.finish();
    } finally {
      file.close();
      keepWhatIsSafe();
    }
  }

  private void keepWhatIsSafe() throws IOException {
    stream.dropped(fragmentPackets); // of a fragment that an error tore
    StreamSegments.Entry kept = safe;
    if (kept == null) {
      Files.deleteIfExists(path);
      return;
    }
    stream.put(new StreamSegments.Entry(path, kept.span(), kept.bytes(), false));
    if (fragmentPackets > 0) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(kept.bytes());
      }
    }
    Path complete = SegmentFiles.complete(stream.folder(), kept.span());
    Files.move(path, complete);
    stream.put(new StreamSegments.Entry(complete, kept.span(), Files.size(complete), false));
  }

  private Span span() {
    return new Span(start, start.plusMicros(Math.max(1, endPts - firstPts)));
  }

  long offsetMicros() {
    return offsetMicros;
  }

  long lastDts() {
    return lastDts;
  }

  long lengthMicros() {
    return lastDts - firstDts;
  }

  /** Length of the fragment in the making, on the source's clock. */
  long fragmentMicros() {
    return fragmentPackets == 0 ? 0 : lastDts - fragmentDts;
  }

  /** Age of the fragment in the making. */
  long fragmentAgeNanos() {
    return fragmentPackets == 0 ? 0 : System.nanoTime() - fragmentNanos;
  }
}
