package org.onlooker.ingest;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.onlooker.core.Jpeg;
import org.onlooker.core.LiveMedia;

/** Shows decoded pictures of one connection between the sampled ones, while somebody looks. */
final class PictureTap implements PacketListener {
  private static final long STEP_MICROS =
      1_000_000 / LiveMedia.PICTURES_PER_SECOND_MAX - FrameSampler.SLACK_MICROS;

  private final Supplier<List<Consumer<Jpeg>>> viewers;
  private long lastMicros;

  /** @param viewers those who look now */
  PictureTap(Supplier<List<Consumer<Jpeg>>> viewers) {
    this.viewers = viewers;
  }

  @Override
  public void unsampled(long sourceMicros, Snapshot snapshot) {
    List<Consumer<Jpeg>> looking = viewers.get();
    if (looking.isEmpty() || Math.abs(sourceMicros - lastMicros) < STEP_MICROS) {
      return;
    }
    lastMicros = sourceMicros;
    try {
      Jpeg picture = snapshot.make();
      looking.forEach(viewer -> viewer.accept(picture));
    } catch (PictureException e) {
      // the next sampled frame meets it too, and tells it
    }
  }

  @Override
  public void placed(long sourceMicros, long mediaMicros) {
    lastMicros = sourceMicros;
  }

  @Override
  public void opened(AVStream stream, double frameRate) {}

  @Override
  public void packet(AVPacket packet) {}

  @Override
  public void close() {}
}
