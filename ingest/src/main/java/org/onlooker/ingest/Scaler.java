package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_PARAM_DEFAULT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.jspecify.annotations.Nullable;

/**
 * Scales and converts frames to one pixel format with FFmpeg's swscale, and owns the result.
 *
 * <p>Made anew whenever a frame differs in size, format, matrix or range from the one before.
 * Output is full range; YUV output has the matrix of JPEG (BT.601). One owner thread.
 */
final class Scaler implements AutoCloseable {
  private static final int ONE = 1 << 16;

  private final int format;
  private final int flags;
  private final double[] filterParameters;
  private @Nullable Job job;
  private @Nullable SwsContext context;
  private @Nullable AVFrame result;

  /** What a context was made for. */
  private record Job(int width, int height, int format, Colour colour, int toWidth, int toHeight) {}

  /**
   * @param format {@code AV_PIX_FMT_…} of the result
   * @param flags {@code SWS_…}
   * @param first of the two numbers of the filter, as swscale takes them
   * @param second of them
   */
  Scaler(int format, int flags, double first, double second) {
    this.format = format;
    this.flags = flags;
    this.filterParameters = new double[] {first, second};
  }

  /** With the filter's usual numbers. */
  Scaler(int format, int flags) {
    this(format, flags, SWS_PARAM_DEFAULT, SWS_PARAM_DEFAULT);
  }

  /**
   * {@code frame} at another size.
   *
   * @return valid until the next call; this object's own
   * @throws PictureException when swscale cannot read such frames
   */
  AVFrame scale(AVFrame frame, int width, int height) throws PictureException {
    Job wanted =
        new Job(frame.width(), frame.height(), frame.format(), Colour.of(frame), width, height);
    AVFrame to = result;
    if (to == null || !wanted.equals(job)) {
      to = prepare(wanted);
    }
    int code = sws_scale_frame(context, to, frame);
    if (code < 0) {
      throw new PictureException(FfmpegErrors.text(code));
    }
    return to;
  }

  private AVFrame prepare(Job wanted) throws PictureException {
    close();
    SwsContext made = sws_getContext(
        wanted.width,
        wanted.height,
        Colour.withoutRange(wanted.format),
        wanted.toWidth,
        wanted.toHeight,
        Colour.withoutRange(format),
        flags,
        (SwsFilter) null,
        (SwsFilter) null,
        filterParameters);
    if (made == null) {
      throw new PictureException(
          "pixel format " + wanted.format + " at " + wanted.width + "x" + wanted.height);
    }
    context = made;
    int fromRange = wanted.colour.fullRange() ? 1 : 0;
    sws_setColorspaceDetails(
        made,
        sws_getCoefficients(wanted.colour.matrix()),
        fromRange,
        sws_getCoefficients(Colour.JPEG_MATRIX),
        1,
        0,
        ONE,
        ONE);
    AVFrame to = av_frame_alloc();
    result = to;
    to.format(format);
    to.width(wanted.toWidth);
    to.height(wanted.toHeight);
    to.color_range(avutil.AVCOL_RANGE_JPEG);
    to.colorspace(avutil.AVCOL_SPC_BT470BG);
    int code = av_frame_get_buffer(to, 0);
    if (code < 0) {
      throw new PictureException(FfmpegErrors.text(code));
    }
    job = wanted;
    return to;
  }

  @Override
  public void close() {
    job = null;
    if (context != null) {
      sws_freeContext(context);
      context = null;
    }
    if (result != null) {
      av_frame_free(result);
      result = null;
    }
  }
}
