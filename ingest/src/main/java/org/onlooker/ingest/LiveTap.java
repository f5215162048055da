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
 * <p>A picture is said to last as long as the longest step of late: players take a picture that
 * comes more than twice its predecessor's duration behind it for a hole, and drop all up to the
 * next keyframe (Media Source Extensions, coded frame processing), and cameras do not tell
 * durations.
 *
 * <p>A track begins with the newest keyframe, at its media time, and another one when the source's
 * clock jumps or its parameters change. Where media time and the source's clock have drifted apart,
 * the next keyframe is put right.
 */
final class LiveTap implements PacketListener {
  private static final long DRIFT_MICROS_MAX = 100_000;
  private static final long JUMP_AHEAD_MICROS = 10_000_000;

  /** Of a picture, until the next ones tell it. */
  private static final long DURATION_MICROS_FIRST = 200_000;

  private static final long DURATION_MICROS_MAX = 1_000_000;

  private final Supplier<Optional<LiveChannel>> channel;
  private final InstantSource clock;
  private final boolean ofRtsp;
  private final PictureGroup newest = new PictureGroup();
  private Optional<String> unplayable;
  private @Nullable VideoParameters parameters;
  private @Nullable PacketTimes times;
  private @Nullable Mp4Fragments track;
  private @Nullable LiveChannel shownTo;
  private OptionalLong offsetMicros = OptionalLong.empty();

  /** What came since the source's clock jumped, until one of it was placed. */
  private final PtsRange sinceJump = new PtsRange();

  private boolean jumped;
  private long trackOffsetMicros;
  private long lastDts = Long.MIN_VALUE;
  private long lastPts;
  private long durationMicros = DURATION_MICROS_FIRST;

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
    if (PacketTimes.isKeyframe(packet) && parameters.changeWith(packet)) {
      endTrack();
    }
    Optional<LiveChannel> viewers = channel.get();
    if (viewers.filter(those -> those == shownTo).isEmpty()) {
      endTrack(); // all have left, and perhaps others have come already
    }
    if (unplayable.isEmpty()) {
      timed(packet).ifPresent(entry -> take(entry, viewers));
    }
    unplayable.ifPresent(reason -> viewers.ifPresent(those -> those.unplayable(reason)));
  }

  /** A reference of its own; empty where it cannot be shown. */
  private Optional<PictureGroup.Entry> timed(AVPacket packet) {
    AVPacket copy = av_packet_clone(packet);
    if (copy == null) { // out of memory
      newest.clear();
      return Optional.empty();
    }
    if (!times.complete(copy) || !isInOrder(copy)) {
      av_packet_free(copy);
      return Optional.empty();
    }
    if (jumped) {
      sinceJump.add(copy.pts());
    }
    return Optional.of(new PictureGroup.Entry(copy, clock.instant()));
  }

  /** Whether it can be shown behind the one before: no jump, and no order that nothing tells. */
  private boolean isInOrder(AVPacket packet) {
    boolean isFirst = lastDts == Long.MIN_VALUE;
    long step = isFirst ? 0 : packet.dts() - lastDts;
    boolean stepsBack = !isFirst && packet.pts() < lastPts;
    lastDts = packet.dts();
    lastPts = packet.pts();
    if (step < -Recorder.JUMP_BACK_MICROS || step > JUMP_AHEAD_MICROS) {
      offsetMicros = OptionalLong.empty();
      jumped = true;
      sinceJump.clear();
      endTrack();
      newest.clear();
    } else if (ofRtsp && stepsBack) {
      fail("the camera sends B-frames, which RTSP gives no decode times");
      return false;
    } else if (!isFirst && step <= DURATION_MICROS_MAX) {
      boolean isGuess = durationMicros == DURATION_MICROS_FIRST;
      durationMicros = Math.max(step, isGuess ? 0 : durationMicros * 7 / 8);
    }
    return true;
  }

  private void take(PictureGroup.Entry entry, Optional<LiveChannel> viewers) {
    try {
      if (track != null && viewers.isPresent()) {
        show(viewers.get(), entry);
      }
      newest.add(entry);
      if (track == null
          && viewers.isPresent()
          && offsetMicros.isPresent()
          && !newest.entries().isEmpty()) {
        begin(viewers.get());
        for (PictureGroup.Entry kept : newest.entries()) {
          show(viewers.get(), kept);
        }
      }
    } catch (IOException e) {
      fail(e.getMessage());
    }
  }

  private void begin(LiveChannel viewers) throws IOException {
    track = new Mp4Fragments(parameters.get());
    shownTo = viewers;
    trackOffsetMicros = offsetMicros.getAsLong();
    viewers.begin(new LiveMedia.Track(BrowserCodec.mimeType(track.head()), track.head()));
  }

  private void show(LiveChannel viewers, PictureGroup.Entry entry) throws IOException {
    long drift = Math.abs(trackOffsetMicros - offsetMicros.getAsLong());
    if (entry.isKeyframe() && drift > DRIFT_MICROS_MAX) {
      trackOffsetMicros = offsetMicros.getAsLong();
    }
    AVPacket packet = entry.packet();
    long pts = packet.pts();
    long dts = packet.dts();
    long duration = packet.duration();
    try {
      packet.pts(pts + trackOffsetMicros);
      packet.dts(dts + trackOffsetMicros);
      packet.duration(Math.max(duration, durationMicros));
      viewers.fragment(new LiveMedia.Fragment(
          track.fragment(packet),
          entry.isKeyframe(),
          new Pts(Math.max(0, pts + trackOffsetMicros)),
          entry.arrivedAt()));
    } finally {
      packet.pts(pts);
      packet.dts(dts);
      packet.duration(duration);
    }
  }

  private void fail(String reason) {
    unplayable = Optional.of(reason);
    endTrack();
    newest.clear();
  }

  @Override
  public synchronized void placed(long sourceMicros, long mediaMicros) {
    if (jumped && !sinceJump.mayHold(sourceMicros)) {
      return; // a frame from before the jump, which the decoder still had
    }
    jumped = false;
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
    newest.clear();
    if (parameters != null) {
      parameters.close();
      parameters = null;
    }
  }
}
