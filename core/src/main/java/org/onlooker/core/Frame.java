package org.onlooker.core;

import java.time.Instant;

/**
 * One sampled, decoded picture.
 *
 * @param pts from a {@link FrameSource}: the source's own clock, which may jump; from a {@link
 *     SourceReader} on: media time of the stream
 * @param wallTime when it was shown, UTC
 * @param picture what the vision tower sees
 * @param snapshot at most 640 pixels wide, aspect ratio kept: the live picture
 * @param thumbnail at most 320 pixels wide: what memory keeps
 */
public record Frame(Pts pts, Instant wallTime, Picture picture, Jpeg snapshot, Jpeg thumbnail) {
  public Frame at(Pts mediaTime, Instant time) {
    return new Frame(mediaTime, time, picture, snapshot, thumbnail);
  }
}
