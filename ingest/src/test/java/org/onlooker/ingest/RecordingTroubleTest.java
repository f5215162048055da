package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.onlooker.ingest.Recorded.CAM;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.Recording;
import org.onlooker.core.Segment;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;

/** Crashes, disks that fail or hang, and deletion: the watching goes on, and nothing is left. */
class RecordingTroubleTest extends RecordedFilm {
  /** A file as kill -9 leaves it, in the middle of a fragment or of anything else. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.3, 0.5, 0.77, 0.9, 0.999})
  void open_afterACrash_keepsWholeFragments(double share) throws Exception {
    Recorded.watch(segments, film, 100);
    segments.close();
    Path whole = files().getFirst();
    long bytes = Math.round(Files.size(whole) * share);
    Path part = whole.resolveSibling("0000000100000000-part.mp4");
    Files.move(whole, part);
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
    }
    open(0);

    List<Segment> kept = all();
    double seconds = kept.isEmpty() ? 0 : kept.getFirst().span().end().seconds() - 100;
    assertThat(seconds).isBetween(5 * share - 1.5, 5.05);
    assertThat(files()).hasSize(kept.size()).noneMatch(f -> f.toString().contains("part"));
    if (!kept.isEmpty()) {
      assertThat(Recorded.shown(segments, 100, 100 + seconds))
          .isEqualTo(Recorded.pictures(film).subList(0, (int) Math.round(seconds * 25)));
    }
    Recorded.watch(segments, film, 200);
    assertThat(Recorded.shown(segments, 200, 205)).hasSize(125);
  }

  @Test
  void open_strangeFiles_areLeftAlone() throws Exception {
    Path cam = Files.createDirectories(root.resolve("cam"));
    Files.writeString(cam.resolve("notes.txt"), "mine");
    Files.writeString(cam.resolve("0000000000000009-0000000000000001.mp4"), "backwards");
    Files.writeString(cam.resolve("0000000000000001-part.mp4"), "no video at all");
    Files.createDirectories(root.resolve("Not A Stream"));
    segments.close();
    open(0);

    assertThat(all()).isEmpty();
    assertThat(cam.resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void open_otherVersion_isRefused() throws Exception {
    segments.close();
    Files.writeString(root.resolve(".version"), "2\n");

    StoreException refused = catchThrowableOfType(StoreException.class, () -> open(0));

    assertThat(refused.reason()).isEqualTo(StoreException.Reason.FORMAT);
    assertThat(refused).hasMessageContaining("version 2");
    Files.writeString(root.resolve(".version"), "1\n");
  }

  @Test
  void record_diskNearlyFull_stopsAndSaysSo() throws Exception {
    segments.close();
    open(Long.MAX_VALUE);
    int frames = Recorded.watch(Recorded.source(segments, film), 0);
    Recorded.awaitWritten(segments);

    assertThat(frames).isEqualTo(10);
    assertThat(recording().state()).isEqualTo(Recording.State.STOPPED);
    assertThat(recording().reason())
        .hasValueSatisfying(why -> assertThat(why).contains("must stay free", "make room"));
    assertThat(recording().packetsDropped()).isEqualTo(125);
    assertThat(files()).isEmpty();
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> segments.cut(CAM, Span.ofSeconds(0, 1)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DISK_LOW));
  }

  @Test
  void record_folderCannotBeMade_isTriedAgain() throws Exception {
    Files.writeString(root.resolve("cam"), "a file where the folder should be");
    Recorded.watch(segments, film, 0);
    Recorded.awaitWritten(segments);
    assertThat(recording().state()).isEqualTo(Recording.State.STOPPED);

    Files.delete(root.resolve("cam"));
    Recorded.watch(segments, film, 10);
    Recorded.awaitWritten(segments);

    assertThat(recording().reason()).isEmpty();
    assertThat(Recorded.shown(segments, 10, 15)).hasSize(125);
  }

  @Test
  void record_folderDeletedMeanwhile_goesOnInANewOne() throws Exception {
    try (FfmpegFrameSource source = Recorded.source(segments, film)) {
      source.open();
      source.placed(source.next().orElseThrow().pts());
      Recorded.awaitWritten(segments);
      Files.delete(files().getFirst());
      Files.delete(root.resolve("cam"));
      for (var next = source.next(); next.isPresent(); next = source.next()) {
        source.placed(next.get().pts());
      }
    }
    Recorded.awaitWritten(segments);
    Recorded.watch(segments, film, 20);

    assertThat(Recorded.shown(segments, 20, 25)).hasSize(125);
  }

  @Test
  void record_diskHangs_watchingGoesOnAndTheLossIsCounted() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    segments.later(() -> awaitQuietly(hanging));
    Path large = films.resolve("large.avi");
    FfmpegProgram.run(
        "-f lavfi -i testsrc2=size=1280x720:rate=25:duration=30"
            + " -c:v mjpeg -q:v 1 -pix_fmt yuvj444p",
        large);
    assertThat(Files.size(large)).isGreaterThan(2 * Recorder.WAITING_BYTES_MAX);

    int frames = Recorded.watch(Recorded.source(segments, large), 0);

    assertThat(frames).isEqualTo(60);
    hanging.countDown();
    Recorded.awaitWritten(segments);
    long written = Recorded.packets(files().getFirst()).size();
    assertThat(written).isBetween(100L, 700L);
    assertThat(recording().packetsDropped()).isBetween(750 - written - 13, 750 - written);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void remove_deletesWhatOverlaps() throws Exception {
    for (int start : new int[] {0, 10, 20}) {
      Recorded.watch(segments, film, start);
    }
    Recorded.awaitWritten(segments);
    long bytes = segments.bytes();
    assertThat(all()).hasSize(3);

    long freed = segments.remove(CAM, Span.ofSeconds(0, 15.5));

    assertThat(all()).extracting(s -> s.span().start().seconds()).containsExactly(20.0);
    assertThat(files()).hasSize(1);
    assertThat(segments.bytes()).isEqualTo(bytes - freed);
    assertThat(segments.remove(CAM, Span.ofSeconds(0, 15.5))).isZero();
  }

  @Test
  void removeStream_whileRecording_leavesNothingAndNothingComesAfter() throws Exception {
    Recorded.watch(segments, film, 0);
    try (FfmpegFrameSource source = Recorded.source(segments, film)) {
      source.open();
      source.placed(source.next().orElseThrow().pts().plusMicros(10_000_000));
      Recorded.awaitWritten(segments);
      assertThat(files()).hasSize(2);

      segments.removeStream(CAM);

      for (var next = source.next(); next.isPresent(); next = source.next()) {
        source.placed(next.get().pts().plusMicros(10_000_000));
      }
    }
    Recorded.awaitWritten(segments);
    assertThat(all()).isEmpty();
    assertThat(root.resolve("cam")).doesNotExist();
    Recorded.watch(segments, film, 0);
    assertThat(Recorded.shown(segments, 0, 5)).hasSize(125);
  }

  @Test
  void listener_recordingSwitchedOff_keepsNothing() throws Exception {
    segments.close();
    segments = RecordedSegments.open(root, new RecordedSegments.Options(false, 0));

    Recorded.watch(segments, film, 0);

    assertThat(recording()).isEqualTo(Recording.off("recording.enabled is false"));
    assertThat(files()).isEmpty();
  }

  private List<Segment> all() {
    return segments.overlapping(CAM, Span.ALL);
  }

  private Recording recording() {
    return segments.recording(CAM);
  }

  private List<Path> files() throws IOException {
    return Recorded.files(root);
  }
}
