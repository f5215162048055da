package org.onlooker.ingest;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pace;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;

/** Sources as the tests open them. */
final class Sources {
  static final InstantSource FIXED = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
  static final PictureSpec SMALL =
      new PictureSpec(64, 64, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);

  private Sources() {}

  static StreamSpec fast(String source, double fps) {
    return new StreamSpec(new StreamId("test"), source, fps, Optional.empty(), Pace.FAST, false);
  }

  static FrameSource file(Path file, PictureSpec spec, double fps) throws SourceException {
    return new SourceCatalog(List.of(file.toAbsolutePath().getParent()), spec, FIXED)
        .create(fast(file.toString(), fps));
  }

  static List<Frame> frames(FrameSource source) throws SourceException {
    try (source) {
      source.open();
      List<Frame> frames = new ArrayList<>();
      for (Optional<Frame> next = source.next(); next.isPresent(); next = source.next()) {
        frames.add(next.get());
      }
      return frames;
    }
  }

  /** One of red, green and blue of a pixel, 0 to 255. */
  static int sample(Picture picture, int x, int y, int channel) {
    return picture.rgb()[(y * picture.width() + x) * 3 + channel] & 0xff;
  }
}
