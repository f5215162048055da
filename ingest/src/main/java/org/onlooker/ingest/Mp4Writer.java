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
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_flush;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;

/** One MP4 file of one video track, written by FFmpeg's muxer. One owner thread. */
final class Mp4Writer implements AutoCloseable {
  /** How the file is laid out. */
  enum Layout {
    /** In fragments; what was {@link #flush flushed} can be read, whatever comes after it. */
    FRAGMENTED("frag_custom+empty_moov+default_base_moof"),
    /** As one whole, its index in front: what every player and browser takes. */
    FAST_START("faststart");

    private final String flags;

    Layout(String flags) {
      this.flags = flags;
    }
  }

  private static final String FORMAT = "mp4";

  /** The usual rate of video clocks. */
  private static final int TICKS_PER_SECOND = 90_000;

  /** Apple's players take HEVC by this name only. */
  private static final int HVC1 = 'h' | 'v' << 8 | 'c' << 16 | '1' << 24;

  private final Path path;
  private final AVFormatContext context = new AVFormatContext(null);
  private final AVIOContext file = new AVIOContext(null);
  private TimeBase ticks = new TimeBase(1, TICKS_PER_SECOND);
  private long lastDtsTicks = Long.MIN_VALUE;

  private Mp4Writer(Path path) {
    this.path = path;
  }

  /** Whether an MP4 file can hold video of this codec. */
  static boolean holds(int codecId) {
    AVOutputFormat format = av_guess_format(FORMAT, null, null);
    return avformat_query_codec(format, codecId, avcodec.FF_COMPLIANCE_NORMAL) == 1;
  }

  /** Makes the file and writes its head. */
  static Mp4Writer create(Path path, AVCodecParameters parameters, Layout layout)
      throws IOException {
    Mp4Writer writer = new Mp4Writer(path);
    try {
      writer.begin(parameters, layout);
      return writer;
    } catch (IOException e) {
      writer.close();
      throw e;
    }
  }

  private void begin(AVCodecParameters parameters, Layout layout) throws IOException {
    String url = "file:" + path;
    check(avformat_alloc_output_context2(context, (AVOutputFormat) null, FORMAT, url));
    AVStream stream = avformat_new_stream(context, (AVCodec) null);
    check(avcodec_parameters_copy(stream.codecpar(), parameters));
    stream.codecpar().codec_tag(parameters.codec_id() == avcodec.AV_CODEC_ID_HEVC ? HVC1 : 0);
    stream.sample_aspect_ratio(parameters.sample_aspect_ratio());
    stream.time_base().num(1).den(TICKS_PER_SECOND);
    // what comes before time 0 stays there, hidden by an edit list
    context.avoid_negative_ts(AVFormatContext.AVFMT_AVOID_NEG_TS_DISABLED);
    AVDictionary options = new AVDictionary(null);
    try {
      check(avio_open2(
          file, url, avformat.AVIO_FLAG_WRITE, (AVIOInterruptCB) null, (AVDictionary) null));
      context.pb(file);
      av_dict_set(options, "movflags", layout.flags, 0);
      check(avformat_write_header(context, options));
    } finally {
      av_dict_free(options);
    }
    ticks = new TimeBase(stream.time_base());
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

  /** Ends the fragment; from here on its packets survive the death of the process. */
  void flush() throws IOException {
    check(av_write_frame(context, null));
    avio_flush(file);
    check(file.error());
  }

  /** Bytes written so far. */
  long bytes() {
    return file.pos();
  }

  /** Completes the file, which is still to be closed. */
  void finish() throws IOException {
    check(av_write_trailer(context));
    avio_flush(file);
    check(file.error());
  }

  private void check(int code) throws IOException {
    if (code < 0) {
      throw new IOException(path + " cannot be written: " + FfmpegErrors.text(code));
    }
  }

  @Override
  public void close() {
    if (!file.isNull()) {
      avio_closep(file);
    }
    if (!context.isNull()) {
      avformat_free_context(context);
      context.setNull();
    }
  }
}
