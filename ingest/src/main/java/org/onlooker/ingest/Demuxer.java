package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_frame_rate;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/**
 * Packets of the one video stream of a source that is watched.
 *
 * <p>A file is opened here and handed over open; from then on its protocol list is empty, so that
 * no playlist, script or reference inside it reaches another file or the network. One owner thread.
 */
final class Demuxer implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(5);
  private static final String NO_PROTOCOL = "none";

  /** JPEGs in a row over HTTP carry no times; FFmpeg would count them at 25 a second. */
  private static final String UNTIMED = "mpjpeg";

  private final SourceAddress address;
  private final Interrupt interrupt;
  private @Nullable AVFormatContext context;
  private @Nullable AVIOContext file;
  private int video = -1;

  Demuxer(SourceAddress address, Interrupt interrupt) {
    this.address = address;
    this.interrupt = interrupt;
  }

  /** Connects, reads headers and chooses the stream. */
  void open() throws SourceException {
    FfmpegLog.clear();
    interrupt.allow(address.limits().open());
    if (address.isFile()) {
      file = openFile();
    }
    AVInputFormat format =
        address.inputFormat().map(n -> av_find_input_format(n)).orElse(null);
    String url =
        address.kind() == SourceAddress.Kind.WEBCAM ? Webcam.url(address, format) : address.url();
    AVFormatContext made = avformat_alloc_context();
    interrupt.installIn(made.interrupt_callback());
    AVDictionary options = new AVDictionary(null);
    try {
      String protocols = address.isFile() ? NO_PROTOCOL : address.protocols();
      av_dict_set(options, "protocol_whitelist", protocols, 0);
      address.options().forEach((name, value) -> av_dict_set(options, name, value, 0));
      setTimeout(options);
      if (file != null) {
        made.pb(file);
      }
      if (address.kind() == SourceAddress.Kind.WEBCAM) {
        made.flags(made.flags() | AVFormatContext.AVFMT_FLAG_NONBLOCK);
      }
      check(avformat_open_input(made, url, format, options)); // frees it on failure
      context = made;
      if (made.iformat().name().getString().equals(UNTIMED)) {
        made.use_wallclock_as_timestamps(1);
      }
      check(avformat_find_stream_info(made, (AVDictionary) null));
    } finally {
      av_dict_free(options);
    }
    chooseStream();
  }

  /** A second guard beside the interrupt, on each wait for the network. */
  private void setTimeout(AVDictionary options) {
    switch (address.kind()) {
      case RTSP -> av_dict_set(options, "timeout", micros(address.limits().open()), 0);
      case HTTP -> av_dict_set(options, "rw_timeout", micros(address.limits().read()), 0);
      case FILE, WEBCAM -> {}
    }
  }

  private static String micros(Duration duration) {
    return Long.toString(duration.toNanos() / 1_000);
  }

  private AVIOContext openFile() throws SourceException {
    AVIOContext opened = new AVIOContext(null);
    AVDictionary options = new AVDictionary(null);
    try (AVIOInterruptCB copied = new AVIOInterruptCB()) {
      interrupt.installIn(copied);
      av_dict_set(options, "protocol_whitelist", address.protocols(), 0);
      check(avio_open2(opened, address.url(), avformat.AVIO_FLAG_READ, copied, options));
      return opened;
    } finally {
      av_dict_free(options);
    }
  }

  private void chooseStream() throws SourceException {
    int best = av_find_best_stream(context, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    if (best < 0 || isCover(context.streams(best))) {
      String found =
          context.nb_streams() == 0 ? "nothing that can be played" : "only sound, pictures or text";
      throw new SourceException(
          SourceError.CODEC, address.shown() + ": has no video; it holds " + found);
    }
    video = best;
    for (int i = 0; i < context.nb_streams(); i++) {
      context.streams(i).discard(i == best ? avcodec.AVDISCARD_DEFAULT : avcodec.AVDISCARD_ALL);
    }
  }

  private static boolean isCover(AVStream stream) {
    return (stream.disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) != 0;
  }

  AVStream stream() {
    return context.streams(video);
  }

  String formatName() {
    return context.iformat().name().getString();
  }

  /** Whether the end is known: a recording. */
  boolean hasDuration() {
    return context.duration() != avutil.AV_NOPTS_VALUE && context.duration() > 0;
  }

  /** Frames per second; 0 when unknown. */
  double frameRate() {
    AVRational rate = av_guess_frame_rate(context, stream(), null);
    return rate.den() == 0 ? 0 : (double) rate.num() / rate.den();
  }

  /** Goes to the last keyframe at or before a moment, or near it where the file cannot tell. */
  void seek(long micros) throws SourceException {
    interrupt.allow(address.limits().open());
    long ticks = new TimeBase(stream().time_base()).ticks(micros);
    check(av_seek_frame(context, video, ticks, avformat.AVSEEK_FLAG_BACKWARD));
  }

  /** Result of {@link #read}. */
  enum Read {
    PACKET,
    /** Not of our stream, or damaged: read on. */
    OTHER,
    DAMAGED,
    END
  }

  /** Reads the next packet into {@code packet}, which is left empty unless it is one of ours. */
  Read read(AVPacket packet) throws SourceException {
    interrupt.allow(address.limits().read());
    int code = av_read_frame(context, packet);
    while (code == avutil.AVERROR_EAGAIN() && !interrupt.isOver()) {
      LockSupport.parkNanos(POLL.toNanos());
      code = av_read_frame(context, packet);
    }
    if (code == avutil.AVERROR_EOF()) {
      return Read.END;
    }
    if (code == avutil.AVERROR_INVALIDDATA()) {
      return Read.DAMAGED;
    }
    // after an interrupted wait RTSP hands out what is left of a picture, call after call
    boolean leftOver = address.kind() == SourceAddress.Kind.RTSP && interrupt.isOver();
    check(leftOver || code == avutil.AVERROR_EAGAIN() ? avutil.AVERROR_EXIT() : code);
    if (packet.stream_index() != video) {
      avcodec.av_packet_unref(packet);
      return Read.OTHER;
    }
    if ((packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0) {
      avcodec.av_packet_unref(packet);
      return Read.DAMAGED;
    }
    return Read.PACKET;
  }

  private void check(int code) throws SourceException {
    if (code >= 0) {
      return;
    }
    // demuxers turn an interrupted read into errors of their own
    throw FfmpegErrors.exception(address, interrupt.isOver() ? avutil.AVERROR_EXIT() : code);
  }

  @Override
  public void close() {
    if (context != null) {
      avformat_close_input(context);
      context = null;
    }
    if (file != null) {
      avio_closep(file);
      file = null;
    }
  }
}
