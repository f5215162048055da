package org.onlooker.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file that is watched once from its start to its end: its own recording, as long as it stays
 * where it is.
 *
 * @param offsetMicros from its PTS to media time
 * @param endMicros media time up to which that holds: where its clock jumps, if it does
 */
record Original(Path path, long bytes, FileTime modified, long offsetMicros, long endMicros) {
  static Original of(Path path, long offsetMicros) throws IOException {
    return new Original(
        path, Files.size(path), Files.getLastModifiedTime(path), offsetMicros, Long.MAX_VALUE);
  }

  Original until(long micros) {
    return new Original(path, bytes, modified, offsetMicros, micros);
  }

  /** Whether the file is still the one that was watched. */
  boolean isThere() {
    try {
      return Files.size(path) == bytes && Files.getLastModifiedTime(path).equals(modified);
    } catch (IOException e) {
      return false;
    }
  }
}
