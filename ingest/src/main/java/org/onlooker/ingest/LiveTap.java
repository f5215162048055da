package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.Pts;

/**
 * Makes fragments of the packets of one connection while somebody looks.
 *
 * <p>A track begins with a keyframe, at its media time, and another one when the source's clock
 * jumps or its parameters change. Where media time and the source's clock have drifted apart, the
 * next keyframe is put right.
 */
final class LiveTap implements PacketListener {
  private static final long DRIFT_MICROS_MAX = 100_000;
  private static final long JUMP_AHEAD_MICROS = 10_000_000;

  private final Supplier<Optional<LiveChannel>> channel;
  private final InstantSource clock;
  private final boolean ofRtsp;
  private Optional<String> unplayable;
  private @Nullable VideoParameters parameters;
  private @Nullable PacketTimes times;
  private @Nullable Mp4Fragments track;
  private OptionalLong offsetMicros = OptionalLong.empty();
  private long trackOffsetMicros;
  private long lastPts = Long.MIN_VALUE;

  /**
   * @param channel those who look, if anybody does
   * @param ofRtsp whether packets have no decode times of their own
   * @param unplayable why nothing of it can be shown, if that is known beforehand
   */
  LiveTap(
      Supplier<Optional<LiveChannel>> channel,
      InstantSource clock,
      boolean ofRtsp,
      Optional<String> unplayable) {
    this.channel = channel;
    this.clock = clock;
    this.ofRtsp = ofRtsp;
    this.unplayable = unplayable;
  }

  @Override
  public synchronized void opened(AVStream video, double frameRate) {
    int codec = video.codecpar().codec_id();
    if (!Mp4Muxer.holds(codec)) {
      unplayable = Optional.of(avcodec_get_name(codec).getString() + " video is not for browsers");
    }
    parameters = new VideoParameters(video.codecpar());
    times = new PacketTimes(video, frameRate);
  }

  @Override
  public synchronized void packet(AVPacket packet) {
    if (parameters == null) {
      return;
    }
    boolean keyframe = PacketTimes.isKeyframe(packet);
    if (keyframe && parameters.changeWith(packet)) {
      endTrack();
    }
    Optional<LiveChannel> viewers = channel.get();
    if (viewers.isEmpty() || unplayable.isPresent()) {
      endTrack();
      viewers.ifPresent(those -> unplayable.ifPresent(those::unplayable));
    } else if (offsetMicros.isPresent() && (track != null || keyframe)) {
      AVPacket copy = av_packet_clone(packet);
      if (copy != null) {
        try {
          show(copy, keyframe, viewers.get());
        } finally {
          av_packet_free(copy);
        }
      }
    }
  }

  private void show(AVPacket packet, boolean keyframe, LiveChannel viewers) {
    if (!times.complete(packet) || isOutOfOrder(packet)) {
      return;
    }
    try {
      if (track == null) {
        track = new Mp4Fragments(parameters.get());
        trackOffsetMicros = offsetMicros.getAsLong();
        viewers.begin(new LiveMedia.Track(BrowserCodec.mimeType(track.head()), track.head()));
      } else if (keyframe
          && Math.abs(trackOffsetMicros - offsetMicros.getAsLong()) > DRIFT_MICROS_MAX) {
        trackOffsetMicros = offsetMicros.getAsLong();
      }
      long shown = packet.pts() + trackOffsetMicros;
      packet.pts(shown);
      packet.dts(packet.dts() + trackOffsetMicros);
      viewers.fragment(new LiveMedia.Fragment(
          track.fragment(packet), keyframe, new Pts(Math.max(0, shown)), clock.instant()));
    } catch (IOException e) {
      fail(viewers, e.getMessage());
    }
  }

  /** Whether it is to be left out: a jump, or pictures out of order that nothing puts in order. */
  private boolean isOutOfOrder(AVPacket packet) {
    long step = lastPts == Long.MIN_VALUE ? 0 : packet.pts() - lastPts;
    lastPts = packet.pts();
    if (step < -Recorder.JUMP_BACK_MICROS || step > JUMP_AHEAD_MICROS) {
      endTrack();
      offsetMicros = OptionalLong.empty();
      return true;
    }
    if (ofRtsp && step < 0) {
      unplayable = Optional.of("the camera sends B-frames, which RTSP gives no decode times");
      return true;
    }
    return false;
  }

  private void fail(LiveChannel viewers, String reason) {
    unplayable = Optional.of(reason);
    endTrack();
    viewers.unplayable(reason);
  }

  @Override
  public synchronized void placed(long sourceMicros, long mediaMicros) {
    offsetMicros = OptionalLong.of(mediaMicros - sourceMicros);
  }

  private void endTrack() {
    if (track != null) {
      track.close();
      track = null;
    }
  }

  @Override
  public synchronized void close() {
    endTrack();
    if (parameters != null) {
      parameters.close();
      parameters = null;
    }
  }
}
