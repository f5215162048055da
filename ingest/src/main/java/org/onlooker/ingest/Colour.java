package org.onlooker.ingest;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;

/**
 * How a frame's samples are to be read.
 *
 * @param matrix {@code SWS_CS_…}
 * @param fullRange 0 to 255 and not 16 to 235
 */
record Colour(int matrix, boolean fullRange) {
  static final int JPEG_MATRIX = swscale.SWS_CS_ITU601;

  /** Above standard definition, untagged video is BT.709, as players take it. */
  private static final int STANDARD_WIDTH_MAX = 1024;

  private static final int STANDARD_HEIGHT_MAX = 576;

  static Colour of(AVFrame frame) {
    boolean full = frame.color_range() == avutil.AVCOL_RANGE_JPEG
        || withoutRange(frame.format()) != frame.format();
    return new Colour(matrix(frame), full);
  }

  private static int matrix(AVFrame frame) {
    return switch (frame.colorspace()) {
      case avutil.AVCOL_SPC_BT709 -> swscale.SWS_CS_ITU709;
      case avutil.AVCOL_SPC_BT470BG, avutil.AVCOL_SPC_SMPTE170M -> swscale.SWS_CS_ITU601;
      case avutil.AVCOL_SPC_FCC -> swscale.SWS_CS_FCC;
      case avutil.AVCOL_SPC_SMPTE240M -> swscale.SWS_CS_SMPTE240M;
      case avutil.AVCOL_SPC_BT2020_NCL, avutil.AVCOL_SPC_BT2020_CL -> swscale.SWS_CS_BT2020;
      default ->
        frame.width() > STANDARD_WIDTH_MAX || frame.height() > STANDARD_HEIGHT_MAX
            ? swscale.SWS_CS_ITU709
            : swscale.SWS_CS_ITU601;
    };
  }

  /** The pixel format with the range taken out of its name; full range is said apart. */
  static int withoutRange(int format) {
    return switch (format) {
      case avutil.AV_PIX_FMT_YUVJ420P -> avutil.AV_PIX_FMT_YUV420P;
      case avutil.AV_PIX_FMT_YUVJ422P -> avutil.AV_PIX_FMT_YUV422P;
      case avutil.AV_PIX_FMT_YUVJ444P -> avutil.AV_PIX_FMT_YUV444P;
      case avutil.AV_PIX_FMT_YUVJ440P -> avutil.AV_PIX_FMT_YUV440P;
      case avutil.AV_PIX_FMT_YUVJ411P -> avutil.AV_PIX_FMT_YUV411P;
      default -> format;
    };
  }
}
