package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Jpeg;
import org.onlooker.core.Pace;
import org.onlooker.core.Picture;
import org.onlooker.core.Pts;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.testing.ScriptedSource;

class PacedFrameSourceTest {
  @TempDir
  Path folder;

  private static Frame frame(double seconds) {
    return new Frame(
        Pts.ofSeconds(seconds),
        Instant.EPOCH,
        new Picture(1, 1, new byte[3]),
        new Jpeg(new byte[0]),
        new Jpeg(new byte[0]));
  }

  private static ScriptedSource script(boolean live, double... seconds) {
    List<Frame> frames = new ArrayList<>();
    for (double each : seconds) {
      frames.add(frame(each));
    }
    return new ScriptedSource(live, frames, ScriptedSource.Then.END);
  }

  private static long millisToRead(FrameSource source, int count) throws SourceException {
    source.open();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      assertThat(source.next()).isPresent();
    }
    return (System.nanoTime() - start) / 1_000_000;
  }

  @Test
  void next_ofRecording_waitsUntilTheFrameIsDue() throws Exception {
    try (FrameSource source =
        PacedFrameSource.recording(script(false, 5, 5.2, 5.6), InstantSource.system())) {
      assertThat(millisToRead(source, 3)).isBetween(590L, 5_000L);
      assertThat(source.next()).isEmpty();
    }
  }

  @Test
  void next_ofRecording_isStampedWhenItIsShown() throws Exception {
    try (FrameSource source =
        PacedFrameSource.recording(script(false, 0, 0.3), InstantSource.system())) {
      source.open();
      Instant first = source.next().orElseThrow().wallTime();
      Instant second = source.next().orElseThrow().wallTime();
      assertThat(Duration.between(first, second).toMillis()).isBetween(250L, 5_000L);
    }
  }

  @Test
  void next_ofLiveSource_neverWaits() throws Exception {
    try (FrameSource source =
        PacedFrameSource.recording(script(true, 0, 30, 60), InstantSource.system())) {
      assertThat(millisToRead(source, 3)).isLessThan(5_000L);
    }
  }

  @Test
  void next_afterJumpBack_keepsItsRhythm() throws Exception {
    try (FrameSource source =
        PacedFrameSource.recording(script(false, 9, 9.2, 0, 0.2), InstantSource.system())) {
      assertThat(millisToRead(source, 4)).isBetween(590L, 5_000L);
    }
  }

  @Test
  void next_afterJumpAhead_doesNotStayAwayForHours() throws Exception {
    try (FrameSource source =
        PacedFrameSource.recording(script(false, 0, 0.1, 9_000), InstantSource.system())) {
      assertThat(millisToRead(source, 3)).isLessThan(5_000L);
    }
  }

  @Test
  void close_whileWaiting_endsIt() throws Exception {
    FrameSource source = PacedFrameSource.recording(script(false, 0, 14), InstantSource.system());
    source.open();
    assertThat(source.next()).isPresent();
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<Optional<Frame>> waiting = executor.submit(source::next);
      source.close();
      assertThat(waiting)
          .failsWithin(1, TimeUnit.SECONDS)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(SourceException.class);
    }
  }

  @Test
  void loop_ofFile_isALiveSourceThatNeverEnds() throws Exception {
    Path clip = FfmpegProgram.clip(folder, 1);
    StreamSpec spec = new StreamSpec(
        new StreamId("demo"), clip.toString(), 10, Optional.empty(), Pace.REALTIME, true);
    SourceCatalog catalog =
        new SourceCatalog(List.of(folder), Sources.SMALL, InstantSource.system());
    try (FrameSource source = catalog.create(spec)) {
      assertThat(source.open().live()).isTrue();
      List<Double> pts = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 25; i++) {
        pts.add(source.next().orElseThrow().pts().seconds());
      }
      assertThat((System.nanoTime() - start) / 1e9).isBetween(2.3, 10.0);
      assertThat(pts.get(10)).isCloseTo(0, Offset.offset(0.01));
      assertThat(pts.get(20)).isCloseTo(0, Offset.offset(0.01));
      assertThat(pts.get(19)).isCloseTo(0.9, Offset.offset(0.05));
    }
  }

  @Test
  void loop_closedAtTheTurn_ends() throws Exception {
    FrameSource last = script(false, 0);
    LoopedFrameSource source = new LoopedFrameSource(script(false, 0), () -> last);
    source.open();
    assertThat(source.next()).isPresent();
    assertThat(source.next()).isPresent();
    source.close();
    source.close();
  }

  @Test
  void loop_ofEmptyRecording_isRefusedAndNotRepeatedForEver() throws Exception {
    try (LoopedFrameSource source = new LoopedFrameSource(script(false), () -> script(false))) {
      source.open();
      SourceException thrown = catchThrowableOfType(SourceException.class, source::next);
      assertThat(thrown.error()).isEqualTo(SourceError.BROKEN);
    }
  }

  @Test
  void realTime_testPattern_isLive() throws Exception {
    SourceCatalog catalog = new SourceCatalog(List.of(), Sources.SMALL, InstantSource.system());
    try (FrameSource source = catalog.create(StreamSpec.of("p", "test:pattern"))) {
      assertThat(source.open().live()).isTrue();
      assertThat(source.next()).isPresent();
    }
  }
}
