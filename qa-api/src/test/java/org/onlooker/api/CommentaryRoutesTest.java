package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Remark;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Await;

class CommentaryRoutesTest {
  private static final StreamId DOOR = new StreamId("door");
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start().watching("door");
    Await.until(
        "something is said",
        Duration.ofSeconds(20),
        () -> !onlooker.store.remarks(DOOR, Span.ALL, 1).isEmpty());
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void list_whatWasSaid_withItsMomentAndPicture() throws Exception {
    JsonNode remark = remarks("").get(0);
    assertThat(remark.path("text").asText()).isEqualTo(ServerFixture.REMARK);
    assertThat(remark.path("kind").asText()).isEqualTo("change");
    assertThat(remark.path("stream").asText()).isEqualTo("door");
    assertThat(remark.path("start").asDouble()).isZero();
    assertThat(onlooker.get(remark.path("thumbnail").asText()).statusCode()).isEqualTo(200);
  }

  @Test
  void list_stretchAndLimit_giveTheNewestOfIt() throws Exception {
    for (int second : List.of(3, 5, 8)) {
      onlooker.store.appendRemark(new Remark(
          new ClipKey(DOOR, second),
          Span.ofSeconds(second, second + 1),
          Instant.EPOCH,
          Remark.Kind.SUMMARY,
          "at " + second,
          Instant.EPOCH));
    }
    assertThat(texts("?from=2&to=8")).containsExactly("at 3", "at 5");
    assertThat(texts("?limit=2")).containsExactly("at 5", "at 8");
    assertThat(texts("?from=100")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "?from=5&to=5, to",
    "?from=x, from",
    "?limit=0, limit",
    "?limit=1001, limit",
    "?since=1, since"
  })
  void list_badParameter_isNamed(String query, String name) throws Exception {
    var reply = onlooker.get("/api/v1/streams/door/commentary" + query);
    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo(name);
  }

  @Test
  void list_unknownStream_is404() throws Exception {
    assertThat(onlooker.get("/api/v1/streams/nobody/commentary").statusCode()).isEqualTo(404);
  }

  private JsonNode remarks(String query) throws Exception {
    var reply = onlooker.get("/api/v1/streams/door/commentary" + query);
    assertThat(reply.statusCode()).isEqualTo(200);
    return ServerFixture.json(reply).path("commentary");
  }

  private List<String> texts(String query) throws Exception {
    return remarks(query).findValuesAsText("text");
  }
}
