package org.onlooker.ingest;

import java.nio.file.Path;
import java.time.InstantSource;
import org.onlooker.core.FrameSource;
import org.onlooker.core.PictureSpec;

/** A recording whose frames carry no JPEGs: what the decode benchmark sets apart. */
public final class PicturesOnly {
  private PicturesOnly() {}

  /** An unopened source of a file of our own making, read as fast as asked for. */
  public static FrameSource of(Path file, PictureSpec spec, double fps) {
    SourceAddress address = SourceAddress.file(file, file.toString());
    return new FfmpegFrameSource(address, Pictures.withoutJpegs(spec), fps, InstantSource.system());
  }
}
