package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Pts;
import org.onlooker.core.SourceException;
import org.onlooker.core.Span;

/**
 * Cuts one stretch out of files that follow each other, without decoding.
 *
 * <p>Pictures before the asked start are needed to decode it when it is no keyframe: they are
 * copied from the last keyframe on, with times below 0, which the file's edit list hides. So the
 * first picture shown is the asked one, to the frame. Used once, by one thread.
 */
final class Cutter implements AutoCloseable {
  /** A minute of the largest cameras. */
  private static final long LEAD_IN_BYTES_MAX = 256 << 20;

  private final Path target;
  private final Span asked;
  private final ArrayDeque<AVPacket> leadIn = new ArrayDeque<>();
  private @Nullable CodecParameters parameters;
  private @Nullable Mp4Writer writer;
  private long leadInBytes;
  private long leadInEndMicros;
  private long zeroMicros;
  private long endMicros;
  private long lastDtsMicros;
  private long seamMicros;

  Cutter(Path target, Span asked) {
    this.target = target;
    this.asked = asked;
  }

  /** Writes the target; the span it shows, or empty when no piece holds anything of it. */
  Optional<Span> cut(List<Piece> pieces) throws IOException, SourceException {
    for (Piece piece : pieces) {
      try (PieceReader reader = new PieceReader(piece)) {
        reader.open(asked.start());
        if (parameters == null) {
          parameters = new CodecParameters(reader.parameters());
        } else if (!parameters.isSameAs(reader.parameters())) {
          break;
        }
        copy(reader);
      }
    }
    if (writer == null) {
      return Optional.empty();
    }
    writer.finish();
    long end = Math.clamp(endMicros, zeroMicros, asked.end().micros());
    return Optional.of(new Span(new Pts(zeroMicros), new Pts(end)));
  }

  private void copy(PieceReader reader) throws IOException {
    boolean isFirst = true;
    while (reader.next()) {
      AVPacket packet = reader.packet();
      if (packet.dts() >= asked.end().micros()) {
        break;
      }
      if (isFirst && writer != null) { // a clock that was set makes pieces overlap a little
        seamMicros = Math.max(0, lastDtsMicros + 1 - packet.dts());
      }
      isFirst = false;
      if (writer == null && packet.dts() > asked.start().micros()) {
        beginWithLeadIn();
      }
      if (writer == null) {
        keepAsLeadIn(packet);
      } else {
        write(packet);
      }
    }
    if (writer == null && leadInEndMicros <= asked.start().micros()) {
      dropLeadIn();
    }
    beginWithLeadIn();
  }

  /** A keyframe at or before the start makes what came before it unnecessary. */
  private void keepAsLeadIn(AVPacket packet) throws IOException {
    if (PacketTimes.isKeyframe(packet) && packet.pts() <= asked.start().micros()) {
      dropLeadIn();
    }
    if (PacketTimes.isKeyframe(packet) || !leadIn.isEmpty()) {
      leadInBytes += packet.size();
      if (leadInBytes > LEAD_IN_BYTES_MAX) {
        throw new IOException("its keyframes lie too far apart to be cut at " + asked.start());
      }
      leadIn.add(av_packet_clone(packet));
      leadInEndMicros = Math.max(leadInEndMicros, packet.pts() + packet.duration());
    }
  }

  private void beginWithLeadIn() throws IOException {
    AVPacket first = leadIn.peekFirst();
    if (writer != null || first == null) {
      return;
    }
    zeroMicros = Math.max(asked.start().micros(), first.pts());
    writer = Mp4Writer.create(target, parameters.get(), Mp4Writer.Layout.FAST_START);
    for (AVPacket packet : leadIn) {
      write(packet);
    }
    dropLeadIn();
  }

  private void write(AVPacket packet) throws IOException {
    lastDtsMicros = packet.dts() + seamMicros;
    endMicros = Math.max(endMicros, packet.pts() + seamMicros + packet.duration());
    packet.dts(lastDtsMicros - zeroMicros);
    packet.pts(packet.pts() + seamMicros - zeroMicros);
    writer.write(packet);
  }

  private void dropLeadIn() {
    leadInBytes = 0;
    leadInEndMicros = Long.MIN_VALUE;
    leadIn.forEach(packet -> av_packet_free(packet));
    leadIn.clear();
  }

  @Override
  public void close() {
    dropLeadIn();
    if (writer != null) {
      writer.close();
    }
    if (parameters != null) {
      parameters.close();
    }
  }
}
