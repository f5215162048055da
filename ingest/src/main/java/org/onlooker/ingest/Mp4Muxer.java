package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_format;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_query_codec;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import java.io.IOException;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Pointer;

/** FFmpeg's MP4 muxer over one video track, wherever its bytes go. One owner thread. */
final class Mp4Muxer implements AutoCloseable {
  private static final String FORMAT = "mp4";

  /** The usual rate of video clocks. */
  private static final int TICKS_PER_SECOND = 90_000;

  /** Apple's players take HEVC by this name only. */
  private static final int HVC1 = 'h' | 'v' << 8 | 'c' << 16 | '1' << 24;

  private final String name;
  private final AVFormatContext context = new AVFormatContext(null);
  private TimeBase ticks = new TimeBase(1, TICKS_PER_SECOND);
  private long lastDtsTicks = Long.MIN_VALUE;

  /** @param name of what is written, for errors */
  Mp4Muxer(String name, AVCodecParameters parameters) throws IOException {
    this.name = name;
    try {
      check(avformat_alloc_output_context2(context, (AVOutputFormat) null, FORMAT, name));
      AVStream stream = avformat_new_stream(context, (AVCodec) null);
      check(avcodec_parameters_copy(stream.codecpar(), parameters));
      stream.codecpar().codec_tag(parameters.codec_id() == avcodec.AV_CODEC_ID_HEVC ? HVC1 : 0);
      stream.sample_aspect_ratio(parameters.sample_aspect_ratio());
      stream.time_base().num(1).den(TICKS_PER_SECOND);
      // what comes before time 0 stays there, hidden by an edit list
      context.avoid_negative_ts(AVFormatContext.AVFMT_AVOID_NEG_TS_DISABLED);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Whether MP4 can hold video of this codec. */
  static boolean holds(int codecId) {
    AVOutputFormat format = av_guess_format(FORMAT, null, null);
    return avformat_query_codec(format, codecId, avcodec.FF_COMPLIANCE_NORMAL) == 1;
  }

  /** Where the bytes go; it stays the caller's. */
  void to(AVIOContext output) {
    context.pb(output);
  }

  /** Writes the head, with options of the muxer. */
  void begin(Map<String, String> options) throws IOException {
    AVDictionary dictionary = new AVDictionary(null);
    try {
      options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
      check(avformat_write_header(context, dictionary));
    } finally {
      av_dict_free(dictionary);
    }
    ticks = new TimeBase(context.streams(0).time_base());
  }

  /** Adds flags to the muxer's own, for the next fragment. */
  void movFlags(String flags) throws IOException {
    check(av_opt_set((Pointer) context.priv_data(), "movflags", flags, 0));
  }

  /**
   * Adds a packet, whose data stays the caller's and whose times are spoilt.
   *
   * @param packet PTS, DTS and duration in microseconds of the file's time
   */
  void write(AVPacket packet) throws IOException {
    long dts = Math.max(ticks.ticks(packet.dts()), lastDtsTicks + 1);
    packet.pts(Math.max(ticks.ticks(packet.pts()), dts));
    packet.dts(dts);
    packet.duration(ticks.ticks(packet.duration()));
    packet.stream_index(0);
    lastDtsTicks = dts;
    check(av_write_frame(context, packet));
  }

  /** Ends the fragment. */
  void flush() throws IOException {
    check(av_write_frame(context, null));
  }

  /** Writes what stands at the end. */
  void finish() throws IOException {
    check(av_write_trailer(context));
  }

  void check(int code) throws IOException {
    if (code < 0) {
      throw new IOException(name + " cannot be written: " + FfmpegErrors.text(code));
    }
  }

  @Override
  public void close() {
    if (!context.isNull()) {
      avformat_free_context(context);
      context.setNull();
    }
  }
}
