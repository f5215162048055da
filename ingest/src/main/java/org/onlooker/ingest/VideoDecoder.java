package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/** Pictures out of packets, on the calling thread alone. One owner thread. */
final class VideoDecoder implements AutoCloseable {
  /** Twice 8K: a header that claims more is refused before memory is taken for it. */
  private static final long PIXELS_MAX = 1L << 26;

  private final String shown;
  private @Nullable AVCodecContext context;
  private @Nullable AVFrame frame;
  private String codecName = "";

  /** @param shown the source, for messages */
  VideoDecoder(String shown) {
    this.shown = shown;
  }

  void open(AVStream stream) throws SourceException {
    int id = stream.codecpar().codec_id();
    codecName = avcodec_get_name(id).getString();
    AVCodec codec = decoder(id);
    if (codec == null) {
      throw unsupported();
    }
    AVCodecContext made = avcodec_alloc_context3(codec);
    context = made;
    frame = av_frame_alloc();
    avcodec_parameters_to_context(made, stream.codecpar());
    made.pkt_timebase(stream.time_base());
    made.thread_count(1);
    made.max_pixels(PIXELS_MAX);
    if (avcodec_open2(made, codec, (AVDictionary) null) < 0) {
      throw unsupported();
    }
  }

  /** FFmpeg's own AV1 decoder needs a graphics card; libaom's does not. */
  private static @Nullable AVCodec decoder(int id) {
    if (id == avcodec.AV_CODEC_ID_AV1) {
      for (String name : new String[] {"libdav1d", "libaom-av1"}) {
        AVCodec codec = avcodec_find_decoder_by_name(name);
        if (codec != null) {
          return codec;
        }
      }
    }
    return avcodec_find_decoder(id);
  }

  private SourceException unsupported() {
    return new SourceException(
        SourceError.CODEC,
        shown + ": video codec " + codecName + " cannot be decoded; convert it to H.264");
  }

  String codecName() {
    return codecName;
  }

  /** Result of {@link #receive}. */
  enum Received {
    FRAME,
    NEEDS_PACKET,
    DAMAGED,
    END
  }

  /** Hands in a packet, or null after the last one; false when it was damaged. */
  boolean send(@Nullable AVPacket packet) {
    return avcodec_send_packet(context, packet) >= 0;
  }

  Received receive() {
    int code = avcodec_receive_frame(context, frame);
    if (code == avutil.AVERROR_EAGAIN()) {
      return Received.NEEDS_PACKET;
    }
    if (code == avutil.AVERROR_EOF()) {
      return Received.END;
    }
    if (code < 0 || (frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0) {
      return Received.DAMAGED;
    }
    return Received.FRAME;
  }

  /** The frame last received; valid until the next {@link #receive}. */
  AVFrame frame() {
    return frame;
  }

  @Override
  public void close() {
    if (context != null) {
      avcodec_free_context(context);
      context = null;
    }
    if (frame != null) {
      av_frame_free(frame);
      frame = null;
    }
  }
}
