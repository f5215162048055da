package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Jpeg;

/** Frames as JPEG, by FFmpeg's encoder; made anew when the size changes. One owner thread. */
final class JpegEncoder implements AutoCloseable {
  static final int PIXEL_FORMAT = avutil.AV_PIX_FMT_YUVJ420P;

  /** FFmpeg's scale from 1 (best) to 31; 4 is close to quality 85 elsewhere. */
  private static final int QUANTISER = 4;

  private @Nullable AVCodecContext context;
  private @Nullable AVPacket packet;

  /** {@code frame} has {@link #PIXEL_FORMAT}. */
  Jpeg encode(AVFrame frame) throws PictureException {
    AVCodecContext encoder = context;
    if (encoder == null || encoder.width() != frame.width() || encoder.height() != frame.height()) {
      encoder = prepare(frame.width(), frame.height());
    }
    frame.pts(avutil.AV_NOPTS_VALUE);
    frame.quality(encoder.global_quality());
    check(avcodec_send_frame(encoder, frame));
    check(avcodec_receive_packet(encoder, packet));
    byte[] bytes = new byte[packet.size()];
    packet.data().get(bytes);
    av_packet_unref(packet);
    return new Jpeg(bytes);
  }

  private AVCodecContext prepare(int width, int height) throws PictureException {
    close();
    AVCodec codec = avcodec_find_encoder(avcodec.AV_CODEC_ID_MJPEG);
    AVCodecContext encoder = avcodec_alloc_context3(codec);
    context = encoder;
    packet = av_packet_alloc();
    encoder.width(width);
    encoder.height(height);
    encoder.pix_fmt(PIXEL_FORMAT);
    encoder.color_range(avutil.AVCOL_RANGE_JPEG);
    encoder.time_base().num(1).den(1);
    encoder.thread_count(1);
    encoder.flags(encoder.flags() | avcodec.AV_CODEC_FLAG_QSCALE);
    encoder.global_quality(QUANTISER * avutil.FF_QP2LAMBDA);
    check(avcodec_open2(encoder, codec, (AVDictionary) null));
    return encoder;
  }

  private static void check(int code) throws PictureException {
    if (code < 0) {
      throw new PictureException("JPEG encoder: " + FfmpegErrors.text(code));
    }
  }

  @Override
  public void close() {
    if (context != null) {
      avcodec_free_context(context);
      context = null;
    }
    if (packet != null) {
      av_packet_free(packet);
      packet = null;
    }
  }
}
