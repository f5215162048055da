package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.onlooker.ingest.Recorded.CAM;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Footage;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pts;
import org.onlooker.core.Segment;
import org.onlooker.core.SourceException;
import org.onlooker.core.Span;
import org.onlooker.core.StreamSpec;
import org.onlooker.testing.RtspServer;

/** A real RTSP server, recorded while it runs, is killed and comes back. */
class RtspRecordingTest {
  @TempDir
  static Path films;

  private static Path film;

  @TempDir
  private Path root;

  private RtspServer server;
  private RecordedSegments segments;
  private FrameSource source;
  private long offsetMicros;

  @BeforeAll
  static void makeFilm() throws Exception {
    String missing = RtspServer.missing();
    assumeThat(missing).as(missing).isEmpty();
    film = FfmpegProgram.clip(films, 20);
  }

  @BeforeEach
  void start() throws Exception {
    server = RtspServer.start(film);
    segments =
        RecordedSegments.open(root, new RecordedSegments.Options(true, 0), Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    if (source != null) {
      source.close();
    }
    if (segments != null) {
      segments.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void record_cameraThatComesBack_hasBothStretchesAndTheHole() throws Exception {
    connect();
    watch(0);
    watchUntil(3);
    server.kill();
    watchToTheBreak();
    source.close();
    server.restart();
    connect();
    watch(60_000_000);
    watchUntil(62);
    source.close();
    Recorded.awaitWritten(segments);

    List<Segment> all = segments.overlapping(CAM, Span.ALL);
    assertThat(all).hasSize(2);
    assertThat(all.getFirst().span().start().seconds()).isBetween(0.0, 1.1);
    assertThat(all.getFirst().span().end().seconds()).isBetween(2.9, 4.5);
    assertThat(all.getLast().span().start().seconds()).isBetween(59.0, 61.1);
    Set<String> sent = new HashSet<>(Recorded.pictures(film));
    assertThat(Recorded.shown(segments, 1.5, 2.5)).hasSizeBetween(25, 28).isSubsetOf(sent);
    try (Footage footage = Recorded.cut(segments, 1.5, 61.5)) {
      assertThat(Recorded.lengthSeconds(footage.file())).isBetween(59.9, 61.6);
      assertThat(Recorded.pictures(footage.file())).hasSizeGreaterThan(50).isSubsetOf(sent);
    }
  }

  private void connect() throws SourceException {
    SourceCatalog catalog =
        new SourceCatalog(List.of(), Sources.SMALL, InstantSource.system(), segments);
    source = catalog.create(StreamSpec.of(CAM.value(), server.url()));
    source.open();
  }

  /** The first frame of a connection, which stands at {@code mediaMicros}. */
  private void watch(long mediaMicros) throws SourceException {
    Frame frame = source.next().orElseThrow();
    offsetMicros = mediaMicros - frame.pts().micros();
    source.placed(frame.pts().plusMicros(offsetMicros));
  }

  private void watchUntil(double seconds) throws SourceException {
    Pts at = Pts.ZERO;
    while (at.seconds() < seconds) {
      at = source.next().orElseThrow().pts().plusMicros(offsetMicros);
      source.placed(at);
    }
  }

  private void watchToTheBreak() {
    try {
      watchUntil(Double.MAX_VALUE);
    } catch (SourceException e) {
      assertThat(e).hasMessageContaining(server.url());
    }
  }
}
