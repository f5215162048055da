package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_LANCZOS;
import static org.bytedeco.ffmpeg.global.swscale.SWS_POINT;

import java.time.Instant;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.onlooker.core.Frame;
import org.onlooker.core.Jpeg;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.Pts;

/**
 * Makes what is kept of a decoded frame: the tower's picture, scaled once from the full frame, and
 * the two JPEGs, the smaller from the larger. One owner thread.
 */
final class Pictures implements AutoCloseable {
  static final int SNAPSHOT_WIDTH_MAX = 640;
  static final int THUMBNAIL_WIDTH_MAX = 320;

  private static final Jpeg NO_JPEG = new Jpeg(new byte[0]);

  private final PictureSpec spec;
  private final boolean withJpegs;
  private final Scaler toTower;
  private final Scaler toSnapshot =
      new Scaler(avutil.AV_PIX_FMT_RGB24, SWS_BILINEAR | SWS_ACCURATE_RND);
  private final Scaler toSnapshotYuv = new Scaler(JpegEncoder.PIXEL_FORMAT, SWS_POINT);
  private final Scaler toThumbnailYuv = new Scaler(JpegEncoder.PIXEL_FORMAT, SWS_BILINEAR);
  private final JpegEncoder snapshots = new JpegEncoder();
  private final JpegEncoder thumbnails = new JpegEncoder();
  private final RgbFrame turned = new RgbFrame();

  Pictures(PictureSpec spec) {
    this(spec, true);
  }

  /** Whose frames have empty JPEGs: what is measured when JPEGs are not. */
  static Pictures withoutJpegs(PictureSpec spec) {
    return new Pictures(spec, false);
  }

  private Pictures(PictureSpec spec, boolean withJpegs) {
    this.spec = spec;
    this.withJpegs = withJpegs;
    int quality = SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT;
    // the numbers make swscale's cubic and windowed sinc the ones that Pillow has
    this.toTower = switch (spec.filter()) {
      case BILINEAR -> new Scaler(avutil.AV_PIX_FMT_RGB24, SWS_BILINEAR | quality);
      case BICUBIC -> new Scaler(avutil.AV_PIX_FMT_RGB24, SWS_BICUBIC | quality, 0, 0.5);
      case LANCZOS -> new Scaler(avutil.AV_PIX_FMT_RGB24, SWS_LANCZOS | quality, 3, 0);
    };
  }

  /** {@code frame} as it is kept. */
  Frame make(AVFrame frame, Orientation orientation, long ptsMicros, Instant wallTime)
      throws PictureException {
    Picture picture = picture(frame, orientation);
    if (!withJpegs) {
      return new Frame(new Pts(ptsMicros), wallTime, picture, NO_JPEG, NO_JPEG);
    }
    AVFrame shown = snapshotPixels(frame, orientation);
    Jpeg snapshot = snapshots.encode(shown);
    int width = Math.min(THUMBNAIL_WIDTH_MAX, shown.width());
    int height = scaled(shown.height(), width, shown.width());
    Jpeg thumbnail = thumbnails.encode(toThumbnailYuv.scale(shown, width, height));
    return new Frame(new Pts(ptsMicros), wallTime, picture, snapshot, thumbnail);
  }

  /** What is shown of {@code frame}. */
  Jpeg snapshot(AVFrame frame, Orientation orientation) throws PictureException {
    return snapshots.encode(snapshotPixels(frame, orientation));
  }

  private Picture picture(AVFrame frame, Orientation orientation) throws PictureException {
    int width = spec.width();
    int height = spec.height();
    if (spec.fit() == PictureSpec.Fit.LETTERBOX) {
      double shape = shape(frame, orientation);
      width = Math.clamp(Math.round(spec.height() * shape), 1, spec.width());
      height = Math.clamp(Math.round(spec.width() / shape), 1, spec.height());
    }
    boolean quarter = orientation.isQuarterTurn();
    int storedWidth = quarter ? height : width;
    int storedHeight = quarter ? width : height;
    AVFrame scaled = toTower.scale(frame, storedWidth, storedHeight);
    byte[] pixels = orientation.apply(RgbFrame.pixels(scaled), storedWidth, storedHeight);
    return new Picture(spec.width(), spec.height(), padded(pixels, width, height));
  }

  /** Width by height as the frame is to be shown, non-square pixels and turns included. */
  private static double shape(AVFrame frame, Orientation orientation) {
    int pixelWidth = frame.sample_aspect_ratio().num();
    int pixelHeight = frame.sample_aspect_ratio().den();
    double pixelShape = pixelWidth > 0 && pixelHeight > 0 ? (double) pixelWidth / pixelHeight : 1;
    double shape = pixelShape * frame.width() / frame.height();
    return orientation.isQuarterTurn() ? 1 / shape : shape;
  }

  /** At most {@link #SNAPSHOT_WIDTH_MAX} wide, as the JPEG encoder takes it. */
  private AVFrame snapshotPixels(AVFrame frame, Orientation orientation) throws PictureException {
    AVFrame rgb = uprightPixels(frame, orientation);
    return toSnapshotYuv.scale(rgb, rgb.width(), rgb.height());
  }

  private AVFrame uprightPixels(AVFrame frame, Orientation orientation) throws PictureException {
    double shape = shape(frame, orientation);
    boolean quarter = orientation.isQuarterTurn();
    int width = Math.min(SNAPSHOT_WIDTH_MAX, quarter ? frame.height() : frame.width());
    int height = Math.max(1, (int) Math.round(width / shape));
    if (orientation.isUpright()) {
      return toSnapshot.scale(frame, width, height);
    }
    int storedWidth = quarter ? height : width;
    int storedHeight = quarter ? width : height;
    AVFrame stored = toSnapshot.scale(frame, storedWidth, storedHeight);
    byte[] pixels = orientation.apply(RgbFrame.pixels(stored), storedWidth, storedHeight);
    turned.put(pixels, width, height);
    return turned.get();
  }

  private byte[] padded(byte[] pixels, int width, int height) {
    if (width == spec.width() && height == spec.height()) {
      return pixels;
    }
    byte[] whole = new byte[spec.width() * spec.height() * 3];
    for (int i = 0; i < whole.length; i += 3) {
      whole[i] = (byte) (spec.padRgb() >> 16);
      whole[i + 1] = (byte) (spec.padRgb() >> 8);
      whole[i + 2] = (byte) spec.padRgb();
    }
    int left = (spec.width() - width) / 2;
    int top = (spec.height() - height) / 2;
    for (int row = 0; row < height; row++) {
      int to = ((top + row) * spec.width() + left) * 3;
      System.arraycopy(pixels, row * width * 3, whole, to, width * 3);
    }
    return whole;
  }

  private static int scaled(int length, int to, int from) {
    return Math.max(1, Math.round((float) length * to / from));
  }

  @Override
  public void close() {
    toTower.close();
    toSnapshot.close();
    toSnapshotYuv.close();
    toThumbnailYuv.close();
    snapshots.close();
    thumbnails.close();
    turned.close();
  }
}
