package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.app.config.Key;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.Recording;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamStatus;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import org.onlooker.testing.Await;
import org.onlooker.testing.SmallDisk;

/**
 * Another program fills the disk of the data folder: watching and answering go on, it is said that
 * nothing is remembered, and all is taken up again when there is room.
 */
@Timeout(300)
class FullDiskTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final List<StreamId> STREAMS =
      List.of(new StreamId("cam"), new StreamId("pattern"));
  private static final StreamId CAM = STREAMS.getFirst();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DISK_MEBIBYTES = 400; // native libraries take a third
  private static final int FRAMES_MISSED = 16; // the index is to be committed meanwhile

  @TempDir
  private Path folder;

  private Optional<SmallDisk> disk = Optional.empty();
  private Optional<App> app = Optional.empty();

  @BeforeEach
  void start() throws Exception {
    String missing = SmallDisk.missing();
    assumeTrue(missing.isEmpty(), missing);
    disk = Optional.of(SmallDisk.mount(folder.resolve("disk"), DISK_MEBIBYTES));
    Path film = folder.resolve("film.mp4");
    Files.copy(ROOT.resolve("testdata/demo/stream.mp4"), film);
    app = Optional.of(startApp());
    awaitStored(3);
  }

  @AfterEach
  void stop() throws IOException {
    app.ifPresent(App::close);
    if (disk.isPresent()) {
      disk.get().close();
    }
  }

  @Test
  void diskFull_whileWatching_isSaidAndTakenUpAgain() throws Exception {
    disk.orElseThrow().fill(0);
    awaitRefused();
    Await.until("recording stops", PATIENCE, () -> recording() == Recording.State.STOPPED);
    awaitFrames(FRAMES_MISSED);

    for (StreamId stream : STREAMS) {
      assertThat(status(stream).reason().orElseThrow())
          .contains("MiB left", "nothing new is remembered; free some space");
      assertThat(answered(stream, "What is there?").path("citations")).isNotEmpty();
      assertThat(
              answered(stream, "When did you first see a dog?").path("answer").asText())
          .isNotEmpty();
    }

    double full = stored(CAM);
    disk.orElseThrow().makeRoom();
    awaitStored(full + 3);
    Await.until("all is well again", PATIENCE, () -> status(CAM).reason().isEmpty());
    Await.until("it is recorded", PATIENCE, () -> recording() == Recording.State.RECORDING);
    assertThat(answered(CAM, "Have you ever seen a dog?").path("coverage"))
        .anySatisfy(gap -> assertThat(gap.path("reason").asText()).contains("could not be"));
    assertAllThere(stored(CAM));
  }

  @Test
  void diskFull_atAStart_isRefusedAndNothingIsLost() throws Exception {
    disk.orElseThrow().fill(0);
    awaitRefused();
    double acknowledged = stored(CAM);
    app.orElseThrow().close();
    app = Optional.empty();
    disk.orElseThrow().fill(0); // closing gives some of it back

    assertThatExceptionOfType(StartException.class)
        .isThrownBy(this::startApp)
        .withMessageContaining(data().toString())
        .withMessageContaining("make room")
        .satisfies(e -> assertThat(e.exit()).isEqualTo(ExitCode.LOW_DISK));

    disk.orElseThrow().makeRoom();
    app = Optional.of(startApp());
    assertThat(stored(CAM)).isGreaterThanOrEqualTo(acknowledged);
    awaitStored(acknowledged + 3);
    assertAllThere(stored(CAM));
  }

  /** Opens the memory by itself: every clip with all its parts, the last one at {@code end}. */
  private void assertAllThere(double end) {
    app.orElseThrow().close();
    app = Optional.empty();
    try (RocksMemoryStore store = RocksMemoryStore.open(
        data().resolve("memory"), data().resolve("native"), RocksOptions.defaults())) {
      List<ClipEntry> clips = store.entries(CAM, Span.ALL);
      assertThat(clips.getLast().span().end().seconds()).isGreaterThanOrEqualTo(end);
      assertThat(clips).allSatisfy(clip -> {
        assertThat(store.tokens(clip.original())).isPresent();
        assertThat(store.thumbnail(clip.original())).isPresent();
        assertThat(store.block(clip.original())).hasValueSatisfying(block -> block.close());
      });
      assertThat(store.damagedCount()).isZero();
    }
  }

  private App startApp() throws Exception {
    Path file = Files.writeString(
        folder.resolve("onlooker.yml"), """
        streams:
          - {id: cam, source: "%s", loop: true}
          - {id: pattern, source: "test:pattern"}
        """.formatted(folder.resolve("film.mp4")));
    return App.start(
        TinyConfig.of(folder, Optional.of(file), Map.of(Key.DATA, data().toString())));
  }

  private Path data() {
    return folder.resolve("disk").resolve("data");
  }

  private StreamStatus status(StreamId stream) {
    return app.orElseThrow().streams().status(stream).orElseThrow();
  }

  private Recording.State recording() {
    return status(CAM).recording().state();
  }

  private double stored(StreamId stream) {
    return status(stream).storedThrough().map(pts -> pts.seconds()).orElse(0.0);
  }

  private void awaitStored(double seconds) {
    for (StreamId stream : STREAMS) {
      Await.until(stream + " stored through " + seconds, PATIENCE, () -> stored(stream) >= seconds);
    }
  }

  private void awaitRefused() {
    for (StreamId stream : STREAMS) {
      Await.until(
          stream + " says that it does not remember",
          PATIENCE,
          () -> status(stream).errorCode().equals(Optional.of("memory_disk_low")));
    }
  }

  private void awaitFrames(int more) {
    for (StreamId stream : STREAMS) {
      long seen = status(stream).counters().framesSampled();
      Await.until(
          "frames of " + stream,
          PATIENCE,
          () -> status(stream).counters().framesSampled() >= seen + more);
    }
  }

  /** In a conversation of its own, which cannot be kept now. */
  private JsonNode answered(StreamId stream, String question) throws Exception {
    String body = JSON.writeValueAsString(Map.of(
        "stream", stream.value(), "question", question, "conversation", "talk-of-" + stream));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(
              URI.create(app.orElseThrow().address() + "/api/v1/questions"))
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body))
          .build();
      JsonNode answer =
          JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
      assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo("completed");
      return answer;
    }
  }
}
