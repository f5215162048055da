package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.StreamId;

class StreamRoutesTest {
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void list_isEmptyAtFirst() throws Exception {
    HttpResponse<String> reply = onlooker.get("/api/v1/streams");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"streams\":[]}");
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void add_tellsWhereTheStreamIsAndStartsIt() throws Exception {
    HttpResponse<String> reply = onlooker.post(
        "/api/v1/streams", "{\"id\":\"door\",\"source\":\"test:six\",\"fps\":4,\"prompt\":\"hm\"}");

    assertThat(reply.statusCode()).isEqualTo(201);
    assertThat(reply.headers().firstValue("Location")).hasValue("/api/v1/streams/door");
    JsonNode stream = ServerFixture.json(reply);
    assertThat(stream.path("id").asText()).isEqualTo("door");
    assertThat(stream.path("fps").asDouble()).isEqualTo(4);
    assertThat(stream.path("prompt").asText()).isEqualTo("hm");
    ServerFixture.await(
        () -> onlooker.store.nextSequence(new StreamId("door")) > 0, "a clip in memory");
  }

  @Test
  void read_tellsStateProgressAndCounters() throws Exception {
    onlooker.watching("door");

    JsonNode stream = ServerFixture.json(onlooker.get("/api/v1/streams/door"));

    assertThat(stream.path("state").asText()).isEqualTo("running");
    assertThat(stream.path("since").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
    assertThat(stream.path("storedThrough").isNumber()).isTrue();
    assertThat(stream.path("counters").path("clipsStored").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(stream.path("video").path("codec").asText()).isEqualTo("scripted");
    assertThat(
            ServerFixture.json(onlooker.get("/api/v1/streams")).path("streams").size())
        .isEqualTo(1);
  }

  @Test
  void change_ofTheSource_goesOnWithTheMemory() throws Exception {
    onlooker.watching("door");
    String startTime = ServerFixture.json(onlooker.get("/api/v1/streams/door"))
        .path("startTime")
        .asText();

    HttpResponse<String> reply = onlooker.patch(
        "/api/v1/streams/door", "{\"source\":\"test:away\",\"fps\":4,\"prompt\":\"hm\"}");

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    JsonNode stream = ServerFixture.json(reply);
    assertThat(stream.path("source").asText()).isEqualTo("test:away");
    assertThat(stream.path("fps").asDouble()).isEqualTo(4);
    assertThat(stream.path("prompt").asText()).isEqualTo("hm");
    assertThat(stream.path("startTime").asText()).isEqualTo(startTime);
    assertThat(stream.path("storedThrough").asDouble()).isGreaterThanOrEqualTo(2);
    assertThat(ServerFixture.json(onlooker.patch("/api/v1/streams/door", "{\"prompt\":\"\"}"))
            .has("prompt"))
        .isFalse();
  }

  @Test
  void change_tried_changesNothing() throws Exception {
    onlooker.watching("door");

    HttpResponse<String> trial =
        onlooker.patch("/api/v1/streams/door?dryRun=true", "{\"source\":\"test:six\",\"fps\":9}");
    HttpResponse<String> away =
        onlooker.patch("/api/v1/streams/door?dryRun=true", "{\"source\":\"test:away\"}");

    assertThat(ServerFixture.json(trial).path("video").path("codec").asText())
        .isEqualTo("scripted");
    assertThat(away.statusCode()).isEqualTo(422);
    JsonNode stream = ServerFixture.json(onlooker.get("/api/v1/streams/door"));
    assertThat(stream.path("fps").asDouble()).isEqualTo(2);
    assertThat(stream.path("source").asText()).isEqualTo("test:six");
  }

  @ParameterizedTest
  @CsvSource({
    "'{}', 422, source",
    "'{\"source\":\" \"}', 422, source",
    "'{\"fps\":0}', 422, fps",
    "'{\"fps\":\"fast\"}', 422, fps",
    "'{\"loop\":true}', 422, loop",
    "'{\"source\":\"gopher:x\"}', 403, ''",
    "'[', 400, ''"
  })
  void change_toWhatCannotBe_namesTheField(String body, int status, String param) throws Exception {
    onlooker.watching("door");

    HttpResponse<String> reply = onlooker.patch("/api/v1/streams/door", body);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo(param);
    assertThat(ServerFixture.json(onlooker.get("/api/v1/streams/door"))
            .path("source")
            .asText())
        .isEqualTo("test:six");
  }

  @Test
  void change_ofUnknownStream_is404() throws Exception {
    assertThat(onlooker.patch("/api/v1/streams/nobody", "{\"fps\":1}").statusCode())
        .isEqualTo(404);
    assertThat(
            onlooker.patch("/api/v1/streams/nobody?dryRun=true", "{\"fps\":1}").statusCode())
        .isEqualTo(404);
  }

  @Test
  void read_ofUnknownStream_is404() throws Exception {
    HttpResponse<String> reply = onlooker.get("/api/v1/streams/nobody");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(reply.body())
        .isEqualTo("{\"error\":{\"code\":\"not_found\",\"message\":\"there is no stream"
            + " \\\"nobody\\\"\",\"type\":\"invalid_request_error\"}}");
  }

  @Test
  void add_ofTakenId_is409() throws Exception {
    onlooker.watching("door");

    HttpResponse<String> reply =
        onlooker.post("/api/v1/streams", "{\"id\":\"door\",\"source\":\"test:six\"}");

    assertThat(reply.statusCode()).isEqualTo(409);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("already_exists");
  }

  @Test
  void add_ofSourceThatIsNotAllowed_is403AndLeavesNothing() throws Exception {
    HttpResponse<String> reply = onlooker.post(
        "/api/v1/streams", "{\"id\":\"door\",\"source\":\"gopher://u:secret@host/x\"}");

    assertThat(reply.statusCode()).isEqualTo(403);
    assertThat(reply.body()).contains("gopher://***@host/x").doesNotContain("secret");
    assertThat(onlooker.streams.list()).isEmpty();
  }

  @Test
  void dryRun_tellsWhatTheSourceIsAndKeepsNothing() throws Exception {
    HttpResponse<String> reply =
        onlooker.post("/api/v1/streams?dryRun=true", "{\"id\":\"door\",\"source\":\"test:six\"}");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(ServerFixture.json(reply).path("video").path("width").asInt()).isEqualTo(8);
    assertThat(onlooker.streams.list()).isEmpty();
  }

  @Test
  void dryRun_ofSourceThatIsAway_saysWhyWithoutCredentials() throws Exception {
    HttpResponse<String> reply = onlooker.post(
        "/api/v1/streams?dryRun=true",
        "{\"id\":\"door\",\"source\":\"rtsp://me:secret@away.example/1?token=hush\"}");

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("stream_connection_failed");
    assertThat(reply.body()).contains("\"param\":\"source\"").contains("away.example");
    assertThat(reply.body()).doesNotContain("secret").doesNotContain("hush");
  }

  @Test
  void replies_neverShowCredentials() throws Exception {
    String body = "{\"id\":\"door\",\"source\":\"rtsp://me:secret@away.example/1?token=hush\"}";

    String added = onlooker.post("/api/v1/streams", body).body();
    ServerFixture.await(
        () ->
            onlooker.streams.status(new StreamId("door")).orElseThrow().reason().isPresent(),
        "trouble with the source");
    String read = onlooker.get("/api/v1/streams/door").body();
    String listed = onlooker.get("/api/v1/streams").body();
    String twice = onlooker.post("/api/v1/streams", body).body();
    String metrics = onlooker.get("/metrics").body();

    assertThat(read).contains("rtsp://***@away.example/1?token=***").contains("\"errorCode\"");
    assertThat(added + read + listed + twice + metrics)
        .doesNotContain("secret")
        .doesNotContain("hush");
  }

  @Test
  void remove_keepsTheMemoryUnlessAsked() throws Exception {
    StreamId door = new StreamId("door");
    onlooker.watching("door");

    assertThat(onlooker.delete("/api/v1/streams/door").statusCode()).isEqualTo(204);

    assertThat(onlooker.get("/api/v1/streams/door").statusCode()).isEqualTo(404);
    assertThat(onlooker.store.nextSequence(door)).isGreaterThanOrEqualTo(2);
    onlooker.watching("door");
    assertThat(onlooker.delete("/api/v1/streams/door?memory=true").statusCode()).isEqualTo(204);
    assertThat(onlooker.store.nextSequence(door)).isZero();
  }

  @Test
  void forget_whatCannotBe_isRefusedWithTheReason() throws Exception {
    onlooker.watching("door");
    String memory = "/api/v1/streams/door/memory";
    assertThat(onlooker.delete(memory).statusCode()).isEqualTo(422);
    assertThat(onlooker.delete(memory + "?start=5&end=5").body()).contains("after");
    var recent = onlooker.delete(memory + "?start=0&end=999999");
    assertThat(recent.statusCode()).isEqualTo(422);
    assertThat(recent.body()).contains("2 minutes ago");
    assertThat(onlooker.delete("/api/v1/streams/yard/memory?start=0&end=1").statusCode())
        .isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
      {"source":"test:six"}                             | id
      {"id":"Front Door","source":"test:six"}           | id
      {"id":7,"source":"test:six"}                      | id
      {"id":"door"}                                     | source
      {"id":"door","source":" "}                        | source
      {"id":"door","source":["a"]}                      | source
      {"id":"door","source":"test:six","fps":0}         | fps
      {"id":"door","source":"test:six","fps":"2"}       | fps
      {"id":"door","source":"test:six","fps":1e9}       | fps
      {"id":"door","source":"test:six","pace":"slow"}   | pace
      {"id":"door","source":"test:six","loop":"yes"}    | loop
      {"id":"door","source":"test:six","colour":"red"}  | colour
      """)
  void add_ofBadField_is422AndNamesIt(String body, String param) throws Exception {
    HttpResponse<String> reply = onlooker.post("/api/v1/streams", body);

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo(param);
    assertThat(onlooker.streams.list()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
      ^^
      [1]
      nonsense
      {"id":"door","id":"door"}
      {"id":"door"} {"more":1}
      {"id":
      """)
  void add_ofSomethingElseThanOneJsonObject_is400(String body) throws Exception {
    HttpResponse<String> reply = onlooker.post("/api/v1/streams", body);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("malformed");
  }

  @ParameterizedTest
  @CsvSource({"dryRun=maybe,dryRun", "dryrun=true,dryrun"})
  void add_ofBadParameter_is422AndAddsNothing(String query, String param) throws Exception {
    HttpResponse<String> reply =
        onlooker.post("/api/v1/streams?" + query, "{\"id\":\"door\",\"source\":\"test:six\"}");

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo(param);
    assertThat(onlooker.streams.list()).isEmpty();
  }
}
