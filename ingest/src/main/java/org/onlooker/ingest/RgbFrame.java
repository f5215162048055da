package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;

import java.util.Objects;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/** An RGB24 frame in native memory, between Java pixels and FFmpeg. One owner thread. */
final class RgbFrame implements AutoCloseable {
  private @Nullable AVFrame frame;

  /** Copies {@code width * height * 3} bytes in. */
  void put(byte[] pixels, int width, int height) {
    AVFrame to = frame;
    if (to == null || to.width() != width || to.height() != height) {
      to = allocate(width, height);
    }
    BytePointer data = to.data(0);
    for (int row = 0; row < height; row++) {
      data.position((long) row * to.linesize(0)).put(pixels, row * width * 3, width * 3);
    }
  }

  /** What was put last; valid until the next {@link #put}. */
  AVFrame get() {
    return Objects.requireNonNull(frame, "nothing was put");
  }

  /** The pixels of any RGB24 frame, without the padding at the end of its rows. */
  static byte[] pixels(AVFrame from) {
    int rowBytes = from.width() * 3;
    byte[] pixels = new byte[rowBytes * from.height()];
    BytePointer data = from.data(0);
    for (int row = 0; row < from.height(); row++) {
      data.position((long) row * from.linesize(0)).get(pixels, row * rowBytes, rowBytes);
    }
    return pixels;
  }

  private AVFrame allocate(int width, int height) {
    close();
    AVFrame made = av_frame_alloc();
    frame = made;
    made.format(avutil.AV_PIX_FMT_RGB24);
    made.width(width);
    made.height(height);
    made.color_range(avutil.AVCOL_RANGE_JPEG);
    if (av_frame_get_buffer(made, 0) < 0) {
      throw new OutOfMemoryError("frame of " + width + "x" + height);
    }
    return made;
  }

  @Override
  public void close() {
    if (frame != null) {
      av_frame_free(frame);
      frame = null;
    }
  }
}
