package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.Key;
import org.onlooker.testing.Await;

/** The whole product in this process, on a free port, over its own protocol. */
@Timeout(300)
class AppTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicReference<Optional<App>> running = new AtomicReference<>(Optional.empty());

  @BeforeEach
  void setUp() throws Exception {
    Files.createDirectories(folder.resolve("films"));
    Files.writeString(
        folder.resolve("onlooker.yml"), "streams:\n  - {id: cam, source: \"test:pattern\"}\n");
    start();
  }

  @AfterEach
  void tearDown() {
    stop();
    http.close();
  }

  @Test
  void question_isAnsweredWhileTheStreamRuns_andAfterARestart() throws Exception {
    double stored = awaitStored(2);

    HttpResponse<String> events =
        send(question("What can you see now?").header("Accept", "text/event-stream"));

    assertThat(events.statusCode()).isEqualTo(200);
    assertThat(events.body().lines().filter("event: answer.delta"::equals)).hasSizeGreaterThan(1);
    assertThat(events.body().lines().filter("event: answer.done"::equals)).hasSize(1);
    JsonNode answer = lastData(events.body()).path("answer");
    assertThat(answer.path("status").asText()).isEqualTo("completed");
    assertThat(answer.path("answer").asText()).isNotEmpty();
    assertThat(answer.path("context").path("policy").asText()).isEqualTo("onlooker");
    assertThat(answer.path("context").path("tokens").asInt()).isPositive();

    stop();
    start();

    JsonNode stream = JSON.readTree(send(get("/api/v1/streams/cam")).body());
    assertThat(stream.path("storedThrough").asDouble()).isGreaterThanOrEqualTo(stored);
    HttpResponse<String> picture = send(get("/api/v1/streams/cam/thumbnail.jpg?at=0.5"));
    assertThat(picture.statusCode()).isEqualTo(200);
    JsonNode again =
        JSON.readTree(send(question("What did you see at the start?")).body());
    assertThat(again.path("status").asText()).isEqualTo("completed");
    assertThat(again.path("context").path("tokens").asInt()).isPositive();
  }

  @Test
  void conversation_goesOnAfterARestart() throws Exception {
    awaitStored(1);
    JsonNode first = askIn("tea", "What can you see now?");

    stop();
    start();

    JsonNode second = askIn("tea", "And now?");
    JsonNode dialogue = JSON.readTree(send(get("/api/v1/conversations/tea")).body());
    assertThat(dialogue.path("stream").asText()).isEqualTo("cam");
    assertThat(dialogue.path("turns").findValuesAsText("id"))
        .containsExactly(first.path("id").asText(), second.path("id").asText());
    assertThat(dialogue.path("turns").path(0).path("answer")).isEqualTo(first.path("answer"));
    assertThat(send(get("/api/v1/conversations?stream=cam")).body()).contains("\"id\":\"tea\"");
  }

  private JsonNode askIn(String conversation, String text) throws Exception {
    Map<String, String> body =
        Map.of("stream", "cam", "question", text, "conversation", conversation);
    JsonNode answer = JSON.readTree(send(post("/api/v1/questions", body)).body());
    assertThat(answer.path("status").asText()).isEqualTo("completed");
    assertThat(answer.path("conversation").asText()).isEqualTo(conversation);
    return answer;
  }

  @Test
  void policyBlind_showsTheModelNothing() throws Exception {
    awaitStored(1);
    Map<String, String> body =
        Map.of("stream", "cam", "question", "What can you see now?", "policy", "blind");

    JsonNode answer = JSON.readTree(send(post("/api/v1/questions", body)).body());

    assertThat(answer.path("context").path("policy").asText()).isEqualTo("blind");
    assertThat(answer.path("context").path("recalledClips").asInt()).isZero();
    assertThat(answer.path("citations")).isEmpty();
  }

  @Test
  void streams_areAddedListedAndRemovedWithTheirMemory() throws Exception {
    Map<String, String> body = Map.of("id", "second", "source", "test:pattern");

    assertThat(send(post("/api/v1/streams", body)).statusCode()).isEqualTo(201);
    assertThat(send(post("/api/v1/streams", body)).statusCode()).isEqualTo(409);
    assertThat(send(get("/api/v1/streams")).body()).contains("\"second\"").contains("\"cam\"");
    HttpRequest.Builder delete =
        HttpRequest.newBuilder(uri("/api/v1/streams/second?memory=true")).DELETE();
    assertThat(send(delete).statusCode()).isBetween(200, 204);
    assertThat(send(get("/api/v1/streams/second")).statusCode()).isEqualTo(404);
  }

  @Test
  void sources_outsideTheRootsOrOfUnknownKind_areRefused() throws Exception {
    Path outside = Files.writeString(folder.resolve("secret.mp4"), "not for you");
    for (String source : List.of(
        outside.toString(),
        folder.resolve("films/../secret.mp4").toString(),
        "gopher://example.org/film",
        "concat:" + outside)) {
      HttpResponse<String> response =
          send(post("/api/v1/streams", Map.of("id", "x", "source", source)));

      assertThat(response.statusCode()).as(source).isEqualTo(403);
      assertThat(JSON.readTree(response.body()).path("error").path("message").asText())
          .as(source)
          .isNotEmpty();
    }
  }

  @Test
  void requests_ofOtherSites_areRefused() throws Exception {
    HttpRequest.Builder foreign = get("/api/v1/streams").header("Origin", "https://evil.example");

    HttpResponse<String> response = send(foreign);

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("evil.example");
  }

  @Test
  void page_healthMetricsAndOpenApi_areServed() throws Exception {
    assertThat(send(get("/")).body()).containsIgnoringCase("<!doctype html>");
    assertThat(send(get("/health/ready")).statusCode()).isEqualTo(200);
    assertThat(send(get("/metrics")).body()).contains("onlooker_");
    assertThat(JSON.readTree(send(get("/openapi.json")).body()).path("openapi").asText())
        .startsWith("3.");
  }

  @Test
  void start_twiceOnOneDataFolder_isRefused() {
    assertThatThrownBy(() -> App.start(config()))
        .isInstanceOfSatisfying(
            StartException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.DATA_FOLDER))
        .hasMessageContaining("in use by process");
  }

  private double awaitStored(double seconds) {
    AtomicReference<Double> stored = new AtomicReference<>(0.0);
    Await.until("clips are stored", PATIENCE, () -> {
      running
          .get()
          .flatMap(app -> app.streams().status(new org.onlooker.core.StreamId("cam")))
          .flatMap(org.onlooker.core.StreamStatus::storedThrough)
          .ifPresent(pts -> stored.set(pts.seconds()));
      return stored.get() >= seconds;
    });
    return stored.get();
  }

  private static JsonNode lastData(String events) throws Exception {
    String data = events
        .lines()
        .filter(line -> line.startsWith("data: "))
        .reduce((first, second) -> second)
        .orElseThrow();
    return JSON.readTree(data.substring("data: ".length()));
  }

  private HttpRequest.Builder question(String text) throws Exception {
    return post("/api/v1/questions", Map.of("stream", "cam", "question", text));
  }

  private HttpRequest.Builder post(String path, Map<String, String> body) throws Exception {
    return HttpRequest.newBuilder(uri(path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create(running.get().orElseThrow().address() + path);
  }

  private void start() throws Exception {
    running.set(Optional.of(App.start(config())));
  }

  private Config config() throws Exception {
    return TinyConfig.of(
        folder,
        Optional.of(folder.resolve("onlooker.yml")),
        Map.of(Key.SOURCES_FILE_ROOTS, folder.resolve("films").toString()));
  }

  private void stop() {
    running.getAndSet(Optional.empty()).ifPresent(App::close);
  }
}
