package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;

import java.time.InstantSource;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pts;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/**
 * One connection to a file, camera or web stream, through FFmpeg's libraries.
 *
 * <p>Every packet is decoded, and only the frames that the sampler keeps are scaled, and those that
 * somebody looks at. Closing raises the interrupt, which makes a native call in progress return;
 * {@link Ownership} then frees.
 */
final class FfmpegFrameSource implements FrameSource {
  private final SourceAddress address;
  private final FrameSampler sampler;
  private final InstantSource clock;
  private final Interrupt interrupt = new Interrupt();
  private final Ownership ownership;
  private final Demuxer demuxer;
  private final VideoDecoder decoder;
  private final Pictures pictures;
  private final DamageCount damage;
  private final PacketListener listener;

  private @Nullable AVPacket packet;
  private @Nullable FrameClock frameClock;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean live;
  private boolean opened;
  private long lastPictureNanos;
  private long lastKeptMicros;

  /** Whose packets are decoded and nothing else. */
  FfmpegFrameSource(SourceAddress address, Pictures pictures, double fps, InstantSource clock) {
    this(address, pictures, fps, clock, PacketListener.NONE);
  }

  /**
   * @param pictures closed with this source
   * @param listener hears each packet before it is decoded; closed with this source
   */
  FfmpegFrameSource(
      SourceAddress address,
      Pictures pictures,
      double fps,
      InstantSource clock,
      PacketListener listener) {
    this.address = address;
    this.listener = listener;
    this.sampler = new FrameSampler(fps);
    this.clock = clock;
    this.demuxer = new Demuxer(address, interrupt);
    this.decoder = new VideoDecoder(address.shown());
    this.pictures = pictures;
    this.damage = new DamageCount(address.shown(), clock);
    this.ownership = new Ownership(address.shown(), this::free);
  }

  @Override
  public SourceInfo open() throws SourceException {
    return ownership.use(this::openOwned);
  }

  @Override
  public Optional<Frame> next() throws SourceException {
    return ownership.use(this::nextOwned);
  }

  @Override
  public void placed(Pts mediaTime) {
    listener.placed(lastKeptMicros, mediaTime.micros());
  }

  /** Damaged packets and frames skipped so far. */
  long damaged() {
    return damage.total();
  }

  private SourceInfo openOwned() throws SourceException {
    if (opened) {
      throw new IllegalStateException("a source is opened once");
    }
    opened = true;
    FfmpegNatives.load();
    HostCheck.check(address, interrupt);
    demuxer.open();
    decoder.open(demuxer.stream());
    listener.opened(demuxer.stream(), demuxer.frameRate());
    packet = av_packet_alloc();
    orientation = DisplayMatrix.of(demuxer.stream());
    frameClock = new FrameClock(demuxer.stream().time_base(), demuxer.frameRate());
    lastPictureNanos = System.nanoTime();
    live = switch (address.kind()) {
      case FILE -> false;
      case RTSP, WEBCAM -> true;
      case HTTP -> !demuxer.hasDuration();
    };
    int width = demuxer.stream().codecpar().width();
    int height = demuxer.stream().codecpar().height();
    boolean quarter = orientation.isQuarterTurn();
    return new SourceInfo(
        live,
        quarter ? height : width,
        quarter ? width : height,
        demuxer.frameRate(),
        decoder.codecName());
  }

  private Optional<Frame> nextOwned() throws SourceException {
    if (packet == null) {
      throw new IllegalStateException("the source is not open");
    }
    while (true) {
      ownership.refuseWhenClosed();
      switch (decoder.receive()) {
        case FRAME -> {
          Optional<Frame> kept = sample(decoder.frame());
          if (kept.isPresent()) {
            return kept;
          }
        }
        case NEEDS_PACKET -> feed();
        case DAMAGED -> {
          damage.add();
          refuseWhenStalled();
        }
        case END -> {
          return end();
        }
      }
    }
  }

  private Optional<Frame> sample(AVFrame frame) throws SourceException {
    lastPictureNanos = System.nanoTime();
    long ptsMicros = frameClock.micros(frame);
    if (!sampler.keeps(ptsMicros)) {
      if (live) {
        listener.unsampled(ptsMicros, () -> pictures.snapshot(frame, turn(frame)));
      }
      return Optional.empty();
    }
    lastKeptMicros = ptsMicros;
    try {
      return Optional.of(pictures.make(frame, turn(frame), ptsMicros, clock.instant()));
    } catch (PictureException e) {
      throw new SourceException(
          SourceError.CODEC, address.shown() + ": pictures cannot be converted: " + e.getMessage());
    }
  }

  private Orientation turn(AVFrame frame) {
    return DisplayMatrix.of(frame, orientation);
  }

  /** Gives the decoder its next packet, or the end. */
  private void feed() throws SourceException {
    switch (demuxer.read(packet)) {
      case PACKET -> {
        listener.packet(packet);
        if (!decoder.send(packet)) {
          damage.add();
        }
        av_packet_unref(packet);
        refuseWhenStalled();
      }
      case OTHER -> refuseWhenStalled();
      case DAMAGED -> {
        damage.add();
        refuseWhenStalled();
      }
      case END -> {
        if (live) {
          throw new SourceException(
              SourceError.ENDED, address.shown() + ": the other side ended the stream");
        }
        decoder.send(null);
      }
    }
  }

  private Optional<Frame> end() throws SourceException {
    if (!frameClock.hasTicked()) {
      throw new SourceException(
          SourceError.BROKEN, address.shown() + ": no picture in it could be decoded");
    }
    return Optional.empty();
  }

  private void refuseWhenStalled() throws SourceException {
    if (System.nanoTime() - lastPictureNanos > address.limits().stall().toNanos()) {
      throw new SourceException(
          SourceError.BROKEN,
          address.shown() + ": data comes, but no picture could be decoded for "
              + address.limits().stall().toSeconds() + " s");
    }
  }

  @Override
  public void close() {
    interrupt.raise();
    ownership.close();
  }

  private void free() {
    listener.close();
    pictures.close();
    decoder.close();
    demuxer.close();
    if (packet != null) {
      av_packet_free(packet);
      packet = null;
    }
    interrupt.close();
  }
}
