package org.onlooker.ingest;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pace;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;

/** A file that is recorded as a camera would be: what the decode benchmark sets apart. */
public final class RecordedFile {
  private RecordedFile() {}

  /** An unopened source of a file of our own making, read as fast as asked for. */
  public static FrameSource of(
      Path file, PictureSpec picture, double fps, RecordedSegments segments) {
    SourceAddress address = SourceAddress.file(file, file.toString());
    StreamSpec repeated = new StreamSpec(
        new StreamId("recorded"), file.toString(), fps, Optional.empty(), Pace.FAST, true);
    return new FfmpegFrameSource(
        address,
        new Pictures(picture),
        fps,
        InstantSource.system(),
        segments.listener(repeated, address));
  }
}
