package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.Segment;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.testing.TestClips;

/** How a search is asked for and told; what it finds is MomentSearch's own test. */
class SearchRoutesTest {
  private static final String PATH = "/api/v1/search";
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
    for (String id : List.of("door", "hall")) {
      onlooker.post("/api/v1/streams", "{\"id\":\"" + id + "\",\"source\":\"test:away\"}");
    }
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  /** A clip that begins so many seconds after its stream. */
  private void remember(String stream, long second, String caption) throws Exception {
    Memory like = TestClips.memory(new StreamId(stream), second, caption, new float[0]);
    Memory memory = new Memory(
        like.key(),
        like.span(),
        startTime(stream).plusSeconds(second),
        like.fingerprint(),
        like.tokens(),
        like.embedding(),
        like.keyMeans(),
        caption,
        like.thumbnail());
    try (KvBlock block = TestClips.block(second, 4)) {
      onlooker.store.append(memory, block);
    }
    onlooker.index.add(memory.entry());
  }

  private Instant startTime(String stream) throws Exception {
    return Instant.parse(ServerFixture.json(onlooker.get("/api/v1/streams/" + stream))
        .path("startTime")
        .asText());
  }

  private JsonNode moments(String query) throws Exception {
    HttpResponse<String> reply = onlooker.get(PATH + query);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return ServerFixture.json(reply).path("moments");
  }

  private static List<String> places(JsonNode moments) {
    List<String> places = new ArrayList<>();
    moments.forEach(moment ->
        places.add(moment.path("stream").asText() + " " + moment.path("start").asText()));
    return places;
  }

  @Test
  void search_tellsMomentsWithWhatProvesThem() throws Exception {
    remember("door", 10, "A red bus.");
    remember("door", 11, "A red bus and a dog.");
    onlooker.segments.add(new Segment(new StreamId("door"), Span.ofSeconds(0, 60), 1_000));

    JsonNode reply = ServerFixture.json(onlooker.get(PATH + "?q=%20bus%20"));

    assertThat(reply.path("query").asText()).isEqualTo("bus");
    assertThat(reply.path("moments")).hasSize(1);
    JsonNode moment = reply.path("moments").path(0);
    assertThat(moment.path("stream").asText()).isEqualTo("door");
    assertThat(moment.path("start").asInt()).isEqualTo(10);
    assertThat(moment.path("end").asInt()).isEqualTo(12);
    assertThat(Instant.parse(moment.path("startTime").asText()))
        .isEqualTo(startTime("door").plusSeconds(10));
    assertThat(Instant.parse(moment.path("endTime").asText()))
        .isEqualTo(startTime("door").plusSeconds(12));
    assertThat(moment.path("score").asDouble()).isEqualTo(0.5);
    assertThat(moment.path("signals").path("words").asDouble()).isPositive();
    assertThat(moment.path("signals").has("picture")).isFalse();
    assertThat(moment.path("caption").asText()).startsWith("A red bus");
    assertThat(moment.path("kind").asText()).isEqualTo("clip");
    assertThat(moment.path("clip").asText())
        .isEqualTo("/api/v1/streams/door/clip.mp4?start=10&end=12");
    assertThat(onlooker.get(moment.path("thumbnail").asText()).statusCode()).isEqualTo(200);
    assertThat(onlooker.get(moment.path("clip").asText()).statusCode()).isEqualTo(200);
    assertThat(onlooker.get("/metrics").body()).contains("onlooker_search_seconds_count 1");
  }

  @Test
  void search_ofALongMoment_playsAMinuteOfIt() throws Exception {
    for (int second = 0; second < 90; second++) {
      remember("door", second, "A red bus.");
    }
    onlooker.segments.add(new Segment(new StreamId("door"), Span.ofSeconds(0, 90), 1_000));

    JsonNode moment = moments("?q=bus").path(0);

    assertThat(moment.path("end").asInt()).isEqualTo(90);
    assertThat(moment.path("clip").asText())
        .isEqualTo("/api/v1/streams/door/clip.mp4?start=0&end=60");
  }

  @Test
  void search_overTwoStreamsWithATimeFilter_findsBothWithinIt() throws Exception {
    for (int second = 0; second < 60; second += 20) {
      remember("door", second, "A red bus.");
      remember("hall", second, "A red bus.");
    }
    Instant from = startTime("door").plusSeconds(10);
    String filter = "&from=" + from + "&to=" + from.plusSeconds(20);

    assertThat(places(moments("?q=bus"))).hasSize(6);
    assertThat(places(moments("?q=bus" + filter))).containsExactlyInAnyOrder("door 20", "hall 20");
    assertThat(places(moments("?q=bus&stream=hall" + filter))).containsExactly("hall 20");
    assertThat(places(moments("?q=bus&stream=hall&from=20.5"))).containsExactly("hall 40");
    assertThat(places(moments("?q=bus&stream=hall&to=20"))).containsExactly("hall 0");
    assertThat(places(moments("?q=bus&limit=2"))).hasSize(2);
    assertThat(moments("?q=bus&to=2001-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void search_forNothingThatWasSeen_isAnEmptyList() throws Exception {
    remember("door", 10, "A red bus.");

    assertThat(moments("?q=submarine")).isEmpty();
    assertThat(moments("?q=bus&stream=hall")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 400, q",
    "?q=, 400, q",
    "?q=%20, 400, q",
    "?q=bus&limit=0, 422, limit",
    "?q=bus&limit=101, 422, limit",
    "?q=bus&limit=many, 422, limit",
    "?q=bus&from=12, 422, from",
    "?q=bus&stream=door&from=-1, 422, from",
    "?q=bus&stream=door&to=noon, 422, to",
    "?q=bus&to=2026-13-01T00:00:00Z, 422, to",
    "?q=bus&stream=door&from=5&to=5, 422, to",
    "?q=bus&from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z, 422, to",
    "?q=bus&color=red, 422, color"
  })
  void search_ofBadParameters_namesThem(String query, int status, String param) throws Exception {
    HttpResponse<String> reply = onlooker.get(PATH + query);

    assertThat(reply.statusCode()).isEqualTo(status);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo(param);
  }

  @Test
  void search_forTooManyWords_is422() throws Exception {
    HttpResponse<String> reply = onlooker.get(PATH + "?q=" + "bus+".repeat(200));

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(reply.body()).contains("at most 500");
  }

  @Test
  void search_inAnUnknownStream_is404() throws Exception {
    HttpResponse<String> reply = onlooker.get(PATH + "?q=bus&stream=nobody");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(reply.body()).contains("nobody");
  }
}
