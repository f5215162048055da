package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Frame;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;
import org.onlooker.testing.RtspServer;

/** A real RTSP server that is read, frozen, killed and started again. */
class RtspFrameSourceTest {
  private static final Limits LIMITS =
      new Limits(Duration.ofSeconds(5), Duration.ofMillis(1500), Duration.ofSeconds(5));
  private static final long LATE_MILLIS_MAX = 1_000;

  @TempDir
  static Path folder;

  private static Path film;
  private RtspServer server;
  private FfmpegFrameSource source;

  @BeforeAll
  static void makeFilm() throws Exception {
    String missing = RtspServer.missing();
    assumeThat(missing).as(missing).isEmpty();
    Path clip = FfmpegProgram.clip(folder, 5);
    film = folder.resolve("film.mp4");
    FfmpegProgram.run("-stream_loop 11 -i " + clip + " -c copy", film);
  }

  @BeforeEach
  void startServer() throws Exception {
    server = RtspServer.start(film);
    source = newSource(LIMITS);
  }

  @AfterEach
  void stopServer() {
    if (source != null) {
      source.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private FfmpegFrameSource newSource(Limits limits) {
    return new FfmpegFrameSource(
        SourceCatalog.rtsp(server.url()).withLimits(limits),
        new Pictures(Sources.SMALL),
        2,
        InstantSource.system());
  }

  @Test
  void next_ofServer_givesFramesAsTheyCome() throws Exception {
    SourceInfo info = source.open();
    assertThat(info.live()).isTrue();
    assertThat(info.codec()).isEqualTo("h264");
    assertThat(info.width()).isEqualTo(640);
    Frame first = source.next().orElseThrow();
    Frame last = first;
    for (int i = 1; i <= 6; i++) {
      last = source.next().orElseThrow();
    }
    double mediaSeconds = last.pts().seconds() - first.pts().seconds();
    assertThat(mediaSeconds).isCloseTo(3, Offset.offset(0.1));
    assertThat(Duration.between(first.wallTime(), last.wallTime()).toMillis())
        .isBetween(1_500L, 6_000L);
  }

  @Test
  void next_whenServerFreezes_timesOutInTheFirstCallOverTheDeadline() throws Exception {
    source.open();
    assertThat(source.next()).isPresent();
    server.freeze();
    Failure failure = readToFailure();
    assertThat(failure.error).isEqualTo(SourceError.TIMEOUT);
    assertThat(failure.lastCallMillis).isLessThan(LIMITS.read().toMillis() + LATE_MILLIS_MAX);
  }

  @Test
  void next_whenServerIsKilled_failsAtOnce() throws Exception {
    source.open();
    assertThat(source.next()).isPresent();
    server.kill();
    Failure failure = readToFailure();
    assertThat(failure.error).isIn(SourceError.ENDED, SourceError.CONNECTION);
    assertThat(failure.lastCallMillis).isLessThan(LATE_MILLIS_MAX);
  }

  @Test
  void open_afterRestart_givesFramesAgain() throws Exception {
    source.open();
    assertThat(source.next()).isPresent();
    server.kill();
    readToFailure();
    source.close();
    server.restart();
    Instant back = Instant.now();
    source = newSource(LIMITS);
    source.open();
    assertThat(source.next()).isPresent();
    assertThat(Duration.between(back, Instant.now())).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void open_ofFrozenServer_timesOut() throws Exception {
    server.freeze();
    Limits limits = new Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    source = newSource(limits);
    long start = System.nanoTime();
    SourceException thrown = catchThrowableOfType(SourceException.class, source::open);
    assertThat(thrown.error()).isEqualTo(SourceError.TIMEOUT);
    assertThat(millisSince(start)).isLessThan(1_000 + LATE_MILLIS_MAX);
  }

  @Test
  void close_whileReadingAFrozenServer_endsItAtOnce() throws Exception {
    Limits patient =
        new Limits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));
    source = newSource(patient);
    source.open();
    assertThat(source.next()).isPresent();
    server.freeze();
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<Failure> reading = executor.submit(this::readToFailure);
      // what was under way may still come; then the read blocks
      assertThatExceptionOfType(TimeoutException.class)
          .isThrownBy(() -> reading.get(1500, TimeUnit.MILLISECONDS));
      source.close();
      assertThat(reading.get(1, TimeUnit.SECONDS).error).isEqualTo(SourceError.ENDED);
    }
  }

  @Test
  void open_ofUnknownPath_saysNotFound() throws Exception {
    source = new FfmpegFrameSource(
        SourceCatalog.rtsp(server.url() + "-other"),
        new Pictures(Sources.SMALL),
        2,
        InstantSource.system());
    assertThat(catchThrowableOfType(SourceException.class, source::open).error())
        .isEqualTo(SourceError.NOT_FOUND);
  }

  private record Failure(SourceError error, long lastCallMillis) {}

  private Failure readToFailure() {
    while (true) {
      long start = System.nanoTime();
      try {
        assertThat(source.next()).isPresent();
      } catch (SourceException e) {
        return new Failure(e.error(), millisSince(start));
      }
    }
  }

  private static long millisSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }
}
