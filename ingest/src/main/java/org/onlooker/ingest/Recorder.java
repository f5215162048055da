package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Recording;

/**
 * Hands the packets of one connection to the thread that writes segments, on media time.
 *
 * <p>A packet gets the distance between source clock and media time that the newest placed frame
 * has. At first, and where the source's clock jumps, packets are held until a frame of theirs has
 * been placed. They are passed on by reference; when more than {@value #WAITING_BYTES_MAX} bytes
 * wait for the disk, all up to the next keyframe are dropped and counted.
 */
final class Recorder implements PacketListener {
  /** As {@link FrameSampler} takes it: smaller steps back are disorder within a stream. */
  static final long JUMP_BACK_MICROS = 500_000;

  private static final long JUMP_AHEAD_MICROS = 1_000_000;

  /** Half a minute of a usual camera, a few seconds of the largest. */
  static final long WAITING_BYTES_MAX = 32 << 20;

  private final RecordedSegments segments;
  private final Supplier<StreamSegments> streams;
  private final HeldPackets held = new HeldPackets();
  private final AtomicLong passedBytes = new AtomicLong();
  private @Nullable CodecParameters parameters;
  private String codecName = "";
  private boolean isRecordable;
  private @Nullable PacketTimes times;
  private @Nullable SegmentWriter writer;
  private boolean holding = true;
  private boolean isFirstHold = true;
  private boolean skipping;
  private long droppedCount;
  private long lastMicros = Long.MIN_VALUE;
  private long offsetMicros;

  /** @param streams asked once there is something to record */
  Recorder(RecordedSegments segments, Supplier<StreamSegments> streams) {
    this.segments = segments;
    this.streams = streams;
  }

  @Override
  public synchronized void opened(AVStream video, double frameRate) {
    int codec = video.codecpar().codec_id();
    codecName = avcodec_get_name(codec).getString();
    isRecordable = Mp4Muxer.holds(codec);
    parameters = new CodecParameters(video.codecpar());
    times = new PacketTimes(video, frameRate);
  }

  @Override
  public synchronized void packet(AVPacket packet) {
    if (!isRecordable || !admits(packet)) {
      return;
    }
    AVPacket kept = av_packet_clone(packet);
    if (kept == null) {
      droppedCount++; // out of memory
      return;
    }
    if (!times.complete(kept)) {
      av_packet_free(kept);
      return;
    }
    holdWhenJumping(kept.dts());
    if (holding) {
      held.add(kept);
    } else {
      pass(kept);
    }
  }

  /** Whether there is room for it; once there was none, the next keyframe is the first to pass. */
  private boolean admits(AVPacket packet) {
    long waiting = held.bytes() + passedBytes.get() + packet.size();
    if (waiting > WAITING_BYTES_MAX) {
      skipping = true;
      droppedCount += held.drop();
    } else if (PacketTimes.isKeyframe(packet)) {
      skipping = false;
    }
    droppedCount += skipping ? 1 : 0;
    return !skipping;
  }

  private void holdWhenJumping(long dtsMicros) {
    boolean jumps = lastMicros != Long.MIN_VALUE
        && (dtsMicros < lastMicros - JUMP_BACK_MICROS
            || dtsMicros > lastMicros + JUMP_AHEAD_MICROS);
    lastMicros = dtsMicros;
    if (jumps) {
      droppedCount += held.drop();
      holding = true;
    }
  }

  @Override
  public synchronized void placed(long sourceMicros, long mediaMicros) {
    if (!begun()) {
      return;
    }
    if (holding && !isFirstHold && !held.mayHold(sourceMicros)) {
      return; // a frame from before the jump, which the decoder still had
    }
    offsetMicros = mediaMicros - sourceMicros;
    holding = false;
    isFirstHold = false;
    held.release(this::pass);
    writer.dropped(droppedCount);
    droppedCount = 0;
  }

  /** Whether the writing has begun; it does with the first frame that is placed. */
  private boolean begun() {
    if (writer == null && parameters != null && isRecordable) {
      writer = segments.writer(streams.get(), parameters);
      parameters = null;
    } else if (writer == null && parameters != null) {
      streams
          .get()
          .set(
              Recording.State.STOPPED,
              "not recorded: MP4 cannot hold " + codecName + " video; let the camera send H.264");
    }
    return writer != null;
  }

  private void pass(AVPacket packet) {
    SegmentWriter to = writer;
    long offset = offsetMicros;
    int size = packet.size();
    passedBytes.addAndGet(size);
    boolean taken = segments.later(() -> {
      try {
        to.write(packet, offset);
      } finally {
        av_packet_free(packet);
        passedBytes.addAndGet(-size);
      }
    });
    if (!taken) {
      av_packet_free(packet);
    }
  }

  @Override
  public synchronized void close() {
    isRecordable = false;
    held.drop();
    if (writer != null) {
      segments.ended(writer);
      writer = null;
    }
    if (parameters != null) {
      parameters.close();
      parameters = null;
    }
  }
}
