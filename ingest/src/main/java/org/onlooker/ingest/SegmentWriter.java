package org.onlooker.ingest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Pts;
import org.onlooker.core.Recording;
import org.onlooker.core.StoreException;

/**
 * Writes the packets of one connection into segments of about a minute. Used by the one thread that
 * writes segments.
 *
 * <p>A segment ends, and the next keyframe begins another, when it is long enough, when the codec's
 * parameters change, when the source's clock jumps, and when the stream's media time and the
 * segment's own have drifted apart. What cannot be written is dropped, and tried again after a
 * while: nothing that fails here reaches the watching.
 */
final class SegmentWriter {
  private static final System.Logger LOG = System.getLogger(SegmentWriter.class.getName());

  /** With the half second between two looks at the clock, at most this and a half is at risk. */
  private static final long FRAGMENT_MICROS = 1_000_000;

  private static final long SEGMENT_MICROS = 60_000_000;

  /** Of a source that sends no more keyframes. */
  private static final long SEGMENT_MICROS_MAX = 600_000_000;

  private static final long HOLE_MICROS_MAX = 10_000_000;
  private static final long DRIFT_MICROS_MAX = 100_000;

  /** What was recorded before is left out, but for this much. */
  private static final long OVERLAP_MICROS_MAX = 1_000_000;

  private final StreamSegments stream;
  private final DiskRoom room;
  private final Duration retryAfter;
  private final VideoParameters parameters;
  private @Nullable SegmentFile file;
  private boolean failed;
  private long failedNanos;

  /** @param parameters closed with this writer */
  SegmentWriter(
      StreamSegments stream, DiskRoom room, Duration retryAfter, CodecParameters parameters) {
    this.stream = stream;
    this.room = room;
    this.retryAfter = retryAfter;
    this.parameters = new VideoParameters(parameters);
  }

  /**
   * Writes a packet, whose times are spoilt, or drops it.
   *
   * @param packet times in microseconds of the source's clock
   * @param offsetMicros from there to media time
   */
  void write(AVPacket packet, long offsetMicros) {
    try {
      if (PacketTimes.isKeyframe(packet) && !stream.isRemoved()) {
        endWhenParametersChange(packet);
      }
      if (file != null && isOver(file, packet, offsetMicros)) {
        end();
      }
      if (file == null && !begin(packet, offsetMicros)) {
        stream.dropped(failed ? 1 : 0);
        return;
      }
      file.write(packet);
      if (file.fragmentMicros() >= FRAGMENT_MICROS) {
        flush();
      }
    } catch (IOException | StoreException e) {
      stream.dropped(file == null ? 1 : 0);
      stop(e);
    }
  }

  private void endWhenParametersChange(AVPacket keyframe) throws IOException {
    if (parameters.changeWith(keyframe)) {
      end();
    }
  }

  private static boolean isOver(SegmentFile file, AVPacket packet, long offsetMicros) {
    long step = packet.dts() - file.lastDts();
    if (step < -Recorder.JUMP_BACK_MICROS
        || step > HOLE_MICROS_MAX
        || file.lengthMicros() > SEGMENT_MICROS_MAX) {
      return true;
    }
    return PacketTimes.isKeyframe(packet)
        && (file.lengthMicros() >= SEGMENT_MICROS
            || Math.abs(offsetMicros - file.offsetMicros()) > DRIFT_MICROS_MAX);
  }

  private boolean begin(AVPacket packet, long offsetMicros) throws IOException {
    if (failed && System.nanoTime() - failedNanos < retryAfter.toNanos()) {
      return false;
    }
    long start = packet.pts() + offsetMicros;
    if (stream.isRemoved()
        || !PacketTimes.isKeyframe(packet)
        || start < Math.max(0, stream.end().micros() - OVERLAP_MICROS_MAX)) {
      return false;
    }
    room.require();
    Pts free = stream.firstFreeStart(new Pts(start));
    file = SegmentFile.begin(stream, parameters, free, packet, offsetMicros);
    failed = false;
    stream.set(Recording.State.RECORDING);
    return true;
  }

  private void flush() throws IOException {
    room.require();
    file.flush();
  }

  /** Counts what was lost before it came here. */
  void dropped(long count) {
    stream.dropped(count);
  }

  boolean writes(StreamSegments other) {
    return stream == other;
  }

  /** Makes safe what has waited for its fragment's end for long; called twice a second. */
  void tick() {
    try {
      if (file != null && file.fragmentAgeNanos() >= FRAGMENT_MICROS * 1_000) {
        flush();
      }
    } catch (IOException | StoreException e) {
      stop(e);
    }
  }

  private void end() throws IOException {
    SegmentFile ending = file;
    file = null;
    if (ending != null) {
      ending.end();
    }
  }

  private void stop(Exception cause) {
    String reason = "not recorded: " + cause.getMessage();
    if (!failed) {
      LOG.log(Level.WARNING, "{0}; it is tried again every {1} s", reason, retryAfter.toSeconds());
    }
    failed = true;
    failedNanos = System.nanoTime();
    stream.set(Recording.State.STOPPED, reason);
    try {
      end();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the segment in the making could not be completed", e);
    }
  }

  /** Completes the segment in the making. */
  void close() {
    try {
      end();
      if (!failed) {
        stream.set(Recording.State.WAITING);
      }
    } catch (IOException e) {
      stop(e);
    }
    parameters.close();
  }
}
