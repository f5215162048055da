package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pace;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.ingest.SourceCatalog;
import org.onlooker.testing.Await;

/** What a source sent plays: through the API, while it is recorded and after kill -9. */
@Timeout(300)
class RecordingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final double LOST_SECONDS_MAX = 2;

  @TempDir
  private Path folder;

  @BeforeEach
  void setUp() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no POSIX shell here");
    Path film = folder.resolve("film.mp4");
    Files.copy(ROOT.resolve("testdata/demo/stream.mp4"), film);
    Files.writeString(folder.resolve("onlooker.yml"), """
        memory: {freeSpaceFloorMegabytes: 1}
        streams:
          - {id: cam, source: film.mp4, loop: true}
          - {id: film, source: film.mp4, pace: fast}
        """);
  }

  @Test
  void kill_whileRecording_losesAtMostTwoSecondsAndTheRestPlays() throws Exception {
    double shown;
    try (ProductProcess first = serve()) {
      Await.until("ten seconds are seen", ProductProcess.PATIENCE, () -> stored(first) > 10);
      shown = stored(first);
      first.kill();
      first.exit();
    }
    try (ProductProcess second = serve()) {
      HttpResponse<Path> clip = clip(second, "cam", 0, shown);

      assertThat(clip.statusCode()).isEqualTo(200);
      assertThat(clip.headers().firstValue("Content-Type")).hasValue("video/mp4");
      double start = header(clip, "Onlooker-Start");
      double end = header(clip, "Onlooker-End");
      assertThat(end).isGreaterThan(shown - LOST_SECONDS_MAX);
      assertThat(framesOf(clip.body())).isGreaterThanOrEqualTo((int) (2 * (end - start)) - 1);
      assertThat(segmentFiles()).filteredOn(name -> name.contains("part")).hasSizeLessThan(2);
    }
  }

  @Test
  void answer_aboutARecordedStream_citesMomentsThatPlay() throws Exception {
    try (ProductProcess product = serve()) {
      for (String stream : List.of("cam", "film")) {
        Await.until(
            "five seconds of " + stream,
            ProductProcess.PATIENCE,
            () -> stored(product, stream) > 5);
        CommandRun asked = CommandRun.of(
            "ask", stream, "What is there?", "--json", "--server=" + product.address());
        JsonNode citation = JSON.readTree(asked.out()).path("citations").path(0);
        double start = citation.path("start").asDouble();
        double end = citation.path("end").asDouble();
        assertThat(citation.path("clip").asText())
            .startsWith("/api/v1/streams/" + stream + "/clip.mp4?start=");

        HttpResponse<Path> clip = get(product, citation.path("clip").asText());

        assertThat(clip.statusCode()).isEqualTo(200);
        assertThat(header(clip, "Onlooker-Start")).isBetween(start, start + 0.5);
        assertThat(header(clip, "Onlooker-End")).isBetween(start, end);
        assertThat(framesOf(clip.body())).isPositive();
      }
    }
  }

  @Test
  void remove_withMemory_removesTheSegments() throws Exception {
    try (ProductProcess product = serve()) {
      Await.until("three seconds are seen", ProductProcess.PATIENCE, () -> stored(product) > 3);
      assertThat(segmentFiles()).isNotEmpty();

      CommandRun removed =
          CommandRun.of("streams", "rm", "cam", "--memory", "--server=" + product.address());

      assertThat(removed.exit()).as(removed.err()).isZero();
      assertThat(folder.resolve("data/segments/cam")).doesNotExist();
    }
  }

  private List<String> segmentFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data/segments/cam"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private HttpResponse<Path> clip(ProductProcess product, String stream, double from, double to)
      throws Exception {
    return get(product, "/api/v1/streams/" + stream + "/clip.mp4?start=" + from + "&end=" + to);
  }

  private HttpResponse<Path> get(ProductProcess product, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create(product.address() + path)).build(),
          HttpResponse.BodyHandlers.ofFile(Files.createTempFile(folder, "clip", ".mp4")));
    }
  }

  private static double header(HttpResponse<Path> reply, String name) {
    return Double.parseDouble(reply.headers().firstValue(name).orElseThrow());
  }

  /** How many frames, two a second, our own decoder finds in a file. */
  private static int framesOf(Path file) throws Exception {
    PictureSpec picture =
        new PictureSpec(64, 48, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);
    SourceCatalog catalog =
        new SourceCatalog(List.of(file.getParent()), picture, InstantSource.system());
    StreamSpec spec = new StreamSpec(
        new StreamId("clip"), file.toString(), 2, Optional.empty(), Pace.FAST, false);
    int frames = 0;
    try (FrameSource source = catalog.create(spec)) {
      source.open();
      for (Optional<Frame> next = source.next(); next.isPresent(); next = source.next()) {
        frames++;
      }
    }
    return frames;
  }

  private ProductProcess serve() throws IOException {
    return ProductProcess.start(
        folder,
        "serve",
        "--port=0",
        "--config=" + folder.resolve("onlooker.yml"),
        "--data=" + folder.resolve("data"),
        "--model=" + ROOT.resolve("testdata/packs/tiny-smolvlm"));
  }

  private static double stored(ProductProcess product) {
    return stored(product, "cam");
  }

  private static double stored(ProductProcess product, String stream) {
    try {
      JsonNode status = JSON.readTree(product.get("/api/v1/streams/" + stream));
      return status.path("storedThrough").asDouble(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
