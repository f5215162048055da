package org.onlooker.ingest;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Segments in an empty folder, and a film to record. */
abstract class RecordedFilm {
  @TempDir
  static Path films;

  /** Five seconds of 25 different pictures each, a keyframe each second. */
  static Path film;

  @TempDir
  Path root;

  RecordedSegments segments;

  @BeforeAll
  static void makeFilm() throws Exception {
    film = FfmpegProgram.clip(films, 5);
  }

  @BeforeEach
  final void open() {
    open(0);
  }

  final void open(long freeBytesMin) {
    segments = RecordedSegments.open(
        root, new RecordedSegments.Options(true, freeBytesMin), Duration.ZERO);
  }

  @AfterEach
  final void close() {
    segments.close();
  }

  final void reopen() {
    segments.close();
    open(0);
  }
}
