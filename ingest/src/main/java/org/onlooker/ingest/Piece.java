package org.onlooker.ingest;

import java.nio.file.Path;
import java.util.OptionalLong;
import org.onlooker.core.Pts;

/**
 * A file of encoded video, and how its times become media time.
 *
 * @param start media time of its first packet, where it has no offset
 * @param offsetMicros from its PTS to media time; empty where its first packet tells it
 * @param isLong whether to look for a moment in it instead of reading up to it
 */
record Piece(Path file, Pts start, OptionalLong offsetMicros, boolean isLong) {
  static Piece segment(Path file, Pts start) {
    return new Piece(file, start, OptionalLong.empty(), false);
  }

  static Piece original(Path file, long offsetMicros) {
    return new Piece(file, Pts.ZERO, OptionalLong.of(offsetMicros), true);
  }
}
