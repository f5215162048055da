package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Pts;
import org.onlooker.core.SourceException;
import org.onlooker.core.Span;

/** The packets of a file on media time, in decoding order. One owner thread. */
final class PieceReader implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PieceReader.class.getName());

  private final Piece piece;
  private final Interrupt interrupt = new Interrupt();
  private final Demuxer demuxer;
  private @Nullable AVPacket packet;
  private @Nullable PacketTimes times;
  private OptionalLong offset;

  PieceReader(Piece piece) {
    this.piece = piece;
    this.offset = piece.offsetMicros();
    this.demuxer =
        new Demuxer(SourceAddress.file(piece.file(), piece.file().toString()), interrupt);
  }

  /** The media time that a file holds, found by reading it; empty when it holds nothing. */
  static Optional<Span> spanOf(Piece piece) {
    try (PieceReader reader = new PieceReader(piece)) {
      reader.open(piece.start());
      long end = piece.start().micros();
      while (reader.next()) {
        end = Math.max(end, reader.packet().pts() + reader.packet().duration());
      }
      Span span = new Span(piece.start(), new Pts(end));
      return Optional.of(span).filter(held -> held.start().isBefore(held.end()));
    } catch (SourceException e) {
      LOG.log(Level.DEBUG, "{0} holds no video: {1}", piece.file(), e);
      return Optional.empty();
    }
  }

  /** Opens the file; a long one is read from a keyframe at or before {@code from}. */
  void open(Pts from) throws SourceException {
    FfmpegNatives.load();
    demuxer.open();
    packet = av_packet_alloc();
    times = new PacketTimes(demuxer.stream(), demuxer.frameRate());
    if (piece.isLong()) {
      demuxer.seek(from.micros() - offset.orElse(0) - reorderMicros());
    }
  }

  /** By how much a DTS may be before its PTS: files are sought by DTS. */
  private long reorderMicros() {
    int frames = demuxer.stream().codecpar().video_delay() + 1;
    return frames * FrameClock.frameMicros(demuxer.frameRate());
  }

  /** As long as the reader is open. */
  AVCodecParameters parameters() {
    return demuxer.stream().codecpar();
  }

  /** Reads the next packet; false at the end, also where a torn tail makes one. */
  boolean next() {
    av_packet_unref(packet);
    try {
      for (Demuxer.Read read = demuxer.read(packet);
          read != Demuxer.Read.END;
          read = demuxer.read(packet)) {
        if (read == Demuxer.Read.PACKET && times.complete(packet)) {
          place();
          return true;
        }
        av_packet_unref(packet);
      }
    } catch (SourceException e) {
      LOG.log(Level.WARNING, "{0} is read up to where it is damaged: {1}", piece.file(), e);
    }
    return false;
  }

  private void place() {
    if (offset.isEmpty()) {
      offset = OptionalLong.of(piece.start().micros() - packet.pts());
    }
    packet.pts(packet.pts() + offset.getAsLong());
    packet.dts(packet.dts() + offset.getAsLong());
  }

  /** The packet last read, its times in microseconds; valid until the next is read. */
  AVPacket packet() {
    return packet;
  }

  @Override
  public void close() {
    demuxer.close();
    if (packet != null) {
      av_packet_free(packet);
      packet = null;
    }
    interrupt.close();
  }
}
