package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.onlooker.ingest.Recorded.CAM;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Segment;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;

/** Segments that are copied while others are written, and brought back. */
class SegmentsBackupTest extends RecordedFilm {
  @TempDir
  Path elsewhere;

  @Test
  void restore_backupMadeWhileRecording_playsAsBefore() throws Exception {
    Recorded.watch(segments, film, 100);
    Recorded.awaitWritten(segments);
    Path backup = Files.createDirectory(elsewhere.resolve("backup"));
    try (FfmpegFrameSource source = Recorded.source(segments, film)) {
      source.open();
      source.placed(source.next().orElseThrow().pts().plusMicros(200_000_000));
      segments.backup(backup);
    }
    Recorded.awaitWritten(segments);
    segments.removeStream(CAM);
    assertThat(segments.overlapping(CAM, Span.ALL)).isEmpty();

    segments.restore(backup, CAM);

    assertThat(segments.overlapping(CAM, Span.ALL))
        .extracting((Segment segment) -> segment.span().start().seconds())
        .containsExactly(100.0);
    assertThat(Recorded.shown(segments, 100, 105)).isEqualTo(Recorded.pictures(film));
    Recorded.watch(segments, film, 200);
    assertThat(Recorded.shown(segments, 200, 205)).hasSize(125);
    reopen();
    assertThat(segments.overlapping(CAM, Span.ALL)).hasSize(2);
    assertThat(backup.resolve("cam")).isDirectoryContaining(file -> true);
  }

  @Test
  void backup_whatIsRemovedLater_stays() throws Exception {
    Recorded.watch(segments, film, 0);
    Recorded.awaitWritten(segments);
    segments.backup(elsewhere);
    segments.remove(CAM, Span.ALL);
    try (RecordedSegments copy =
        RecordedSegments.open(elsewhere, new RecordedSegments.Options(false, 0), Duration.ZERO)) {
      assertThat(Recorded.shown(copy, 0, 5)).isEqualTo(Recorded.pictures(film));
    }
  }

  @Test
  void restore_ofAStreamWithoutVideo_doesNothing() {
    segments.restore(elsewhere, new StreamId("door"));
    assertThat(segments.overlapping(new StreamId("door"), Span.ALL)).isEmpty();
  }

  @Test
  void restore_whereNothingCanBeWritten_saysSoAndLeavesNothing() throws Exception {
    Recorded.watch(segments, film, 0);
    Recorded.awaitWritten(segments);
    segments.backup(elsewhere);
    segments.removeStream(CAM);
    Path inTheWay = Files.writeString(root.resolve("cam"), "a file");

    assertThatThrownBy(() -> segments.restore(elsewhere, CAM))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot be brought back")
        .hasMessageContaining("look at the disk");

    assertThat(segments.overlapping(CAM, Span.ALL)).isEmpty();
    Files.delete(inTheWay);
    segments.restore(elsewhere, CAM);
    assertThat(segments.overlapping(CAM, Span.ALL)).hasSize(1);
  }
}
