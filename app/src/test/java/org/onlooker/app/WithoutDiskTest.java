package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.app.config.Key;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Await;

/** The whole product with a memory of a few clips and no disk. */
@Timeout(120)
class WithoutDiskTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StreamId CAM = new StreamId("cam");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  private Path folder;

  @Test
  void watches_forgetsWhatNoLongerFits_andWritesNothing() throws Exception {
    Path file = Files.writeString(
        folder.resolve("onlooker.yml"), "streams:\n  - {id: cam, source: \"test:pattern\"}\n");
    Map<Key, String> settings =
        Map.of(Key.MEMORY_CLIPS, "4", Key.MEMORY_EVICTION, "oldest", Key.MEMORY_REDUCERS, "off");
    try (App app = App.start(TinyConfig.of(folder, Optional.of(file), settings));
        HttpClient http = HttpClient.newHttpClient()) {
      Await.until("eight clips", PATIENCE, () -> stored(app) >= 8);

      double stored = stored(app);
      assertThat(
              get(http, app, "/api/v1/streams/cam/thumbnail.jpg?at=" + stored).statusCode())
          .isEqualTo(200);
      String question = "{\"stream\":\"cam\",\"question\":\"What can you see now?\"}";
      JsonNode answer =
          JSON.readTree(post(http, app, "/api/v1/questions", question).body());
      assertThat(answer.path("status").asText()).isEqualTo("completed");
      assertThat(answer.path("context").path("clips"))
          .hasSizeBetween(1, 4)
          .allSatisfy(
              clip -> assertThat(clip.path(0).asDouble()).isGreaterThanOrEqualTo(stored - 4));

      HttpResponse<String> backup = post(http, app, "/api/v1/backups", "{\"name\":\"monday\"}");
      assertThat(backup.statusCode()).isGreaterThanOrEqualTo(400);
      assertThat(backup.body()).contains("not on disk");
    }
    Path data = folder.resolve("data");
    assertThat(data.resolve("memory")).doesNotExist();
    assertThat(data.resolve("index")).doesNotExist();
  }

  private static double stored(App app) {
    return app.streams()
            .status(CAM)
            .orElseThrow()
            .storedThrough()
            .orElse(Pts.ZERO)
            .micros()
        / 1e6;
  }

  private static HttpResponse<String> get(HttpClient http, App app, String path) throws Exception {
    return send(http, HttpRequest.newBuilder(URI.create(app.address() + path)));
  }

  private static HttpResponse<String> post(HttpClient http, App app, String path, String body)
      throws Exception {
    return send(
        http,
        HttpRequest.newBuilder(URI.create(app.address() + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request)
      throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
