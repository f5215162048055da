package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.QuestionAnswerer;

class QuestionRoutesTest {
  private static final String PATH = "/api/v1/questions";
  private static final String ASK = "{\"stream\":\"door\",\"question\":\"What is there?\"}";

  @Test
  void ask_answersWithProofAndTimings() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      HttpResponse<String> reply = onlooker.post(PATH, ASK);

      assertThat(reply.statusCode()).isEqualTo(200);
      JsonNode answer = ServerFixture.json(reply);
      assertThat(answer.path("id").asText()).startsWith("ans_");
      assertThat(answer.path("stream").asText()).isEqualTo("door");
      assertThat(answer.path("question").asText()).isEqualTo("What is there?");
      assertThat(answer.path("answer").asText()).isEqualTo(ServerFixture.ANSWER);
      assertThat(answer.path("status").asText()).isEqualTo("completed");
      assertThat(answer.has("reason")).isFalse();
      assertThat(answer.path("askedAt").asText()).endsWith("Z");
      assertThat(answer.path("context").path("policy").asText()).isEqualTo("onlooker");
      assertThat(answer.path("timings").path("totalMillis").isNumber()).isTrue();
      assertThat(answer.path("coverage").isArray()).isTrue();
      JsonNode citation = answer.path("citations").path(0);
      assertThat(citation.path("stream").asText()).isEqualTo("door");
      assertThat(citation.path("start").isNumber()).isTrue();
      assertThat(citation.path("end").asDouble())
          .isGreaterThan(citation.path("start").asDouble());
      assertThat(citation.path("startTime").asText()).endsWith("Z");
      HttpResponse<String> thumbnail = onlooker.get(citation.path("thumbnail").asText());
      assertThat(thumbnail.statusCode()).isEqualTo(200);
      assertThat(thumbnail.headers().firstValue("Content-Type")).hasValue("image/jpeg");
    }
  }

  @Test
  void ask_forEvents_streamsWordsThenProofThenTheSameAnswer() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      HttpResponse<String> reply = onlooker.send(events(onlooker));

      assertThat(reply.headers().firstValue("Content-Type"))
          .hasValue("text/event-stream; charset=utf-8");
      List<JsonNode> events = new ArrayList<>();
      for (String block : reply.body().split("\n\n")) {
        String[] lines = block.split("\n");
        JsonNode event = Json.read(lines[2].substring("data: ".length()));
        assertThat(lines[1]).isEqualTo("event: " + event.path("type").asText());
        assertThat(lines[0]).isEqualTo("id: " + event.path("seq").asLong());
        events.add(event);
      }
      assertThat(events.stream().map(e -> e.path("type").asText()))
          .containsExactly(
              "answer.delta", "answer.delta", "answer.delta", "answer.citation", "answer.done");
      assertThat(events.stream().map(e -> e.path("text").asText("")).reduce("", String::concat))
          .isEqualTo(ServerFixture.ANSWER);
      JsonNode answer = events.getLast().path("answer");
      assertThat(answer.path("answer").asText()).isEqualTo(ServerFixture.ANSWER);
      assertThat(answer.path("citations").path(0)).isEqualTo(events.get(3).path("citation"));
      assertThat(events).allMatch(e -> e.path("id").equals(answer.path("id")));
    }
  }

  @Test
  void ask_forEvents_sendsWordsBeforeTheAnswerIsDone() throws Exception {
    try (ServerFixture onlooker = gated().watching("door")) {
      onlooker.words.release(1);
      HttpResponse<java.io.InputStream> reply =
          onlooker.http.send(events(onlooker).build(), HttpResponse.BodyHandlers.ofInputStream());
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));

      assertThat(lines.readLine()).isEqualTo("id: 1");
      assertThat(lines.readLine()).isEqualTo("event: answer.delta");
      assertThat(onlooker.answerer.inFlight()).isEqualTo(1);
      onlooker.words.release(10);
      assertThat(lines.lines().toList()).contains("event: answer.done");
    }
  }

  @ParameterizedTest
  @CsvSource({"text/event-stream", "application/json"})
  void ask_whoLeaves_stopsTheAnswer(String accept) throws Exception {
    try (ServerFixture onlooker = gated(Collections.nCopies(10_000, "word ")).watching("door")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), onlooker.port)) {
        String request = "POST /api/v1/questions HTTP/1.1\r\nHost: 127.0.0.1:" + onlooker.port
            + "\r\nContent-Type: application/json\r\nAccept: " + accept + "\r\nContent-Length: "
            + ASK.length() + "\r\n\r\n" + ASK;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        ServerFixture.await(() -> onlooker.answerer.inFlight() == 1, "the question");
      }

      ServerFixture.await(
          () -> {
            onlooker.words.release(1);
            return onlooker.answerer.inFlight() == 0;
          },
          "the end of the answer");

      assertThat(onlooker.get("/metrics").body())
          .contains("onlooker_questions_total{status=\"cancelled\"} 1.0");
    }
  }

  @Test
  void ask_overCapacity_is503WithRetryAfter() throws Exception {
    try (ServerFixture onlooker = gated().watching("door")) {
      var first =
          onlooker.http.sendAsync(request(onlooker).build(), HttpResponse.BodyHandlers.ofString());
      var second =
          onlooker.http.sendAsync(request(onlooker).build(), HttpResponse.BodyHandlers.ofString());
      ServerFixture.await(() -> onlooker.answerer.inFlight() == 2, "two questions");

      HttpResponse<String> third = onlooker.post(PATH, ASK);
      HttpResponse<String> streamed = onlooker.send(events(onlooker));

      for (HttpResponse<String> refused : List.of(third, streamed)) {
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(ServerFixture.errorCode(refused)).isEqualTo("overloaded");
      }
      onlooker.words.release(100);
      assertThat(first.get().statusCode()).isEqualTo(200);
      assertThat(second.get().statusCode()).isEqualTo(200);
      assertThat(onlooker.get("/metrics").body())
          .contains("onlooker_questions_total{status=\"refused\"} 2.0")
          .contains("onlooker_questions_total{status=\"completed\"} 2.0");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
      {"question":"What?"}                                     | 422 | stream
      {"stream":"door"}                                        | 422 | question
      {"stream":"door","question":"  "}                        | 422 | question
      {"stream":"door","question":5}                           | 422 | question
      {"stream":"door","question":"What?","asOf":"yesterday"}  | 422 | asOf
      {"stream":"door","question":"What?","mood":"good"}       | 422 | mood
      {"stream":"door","question":"What?","policy":"no-such"}  | 422 | ^^
      {"stream":"door","question":"What?","policy":"oracle","spans":[[2,2]]}    | 422 | spans
      {"stream":"door","question":"What?","policy":"oracle","spans":[[-1,2]]}   | 422 | spans
      {"stream":"door","question":"What?","policy":"oracle","spans":[["a",2]]}  | 422 | spans
      {"stream":"door","question":"What?","policy":"oracle","spans":[2,3]}      | 422 | spans
      {"stream":"door","question":"What?","policy":"oracle","spans":{}}         | 422 | spans
      {"stream":"door","question":"What?","spans":[[2,3]]}     | 422 | ^^
      {"stream":"nobody","question":"What?"}                   | 404 | ^^
      """)
  void ask_badly_saysWhatIsWrong(String body, int status, String param) throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      HttpResponse<String> reply = onlooker.post(PATH, body);

      assertThat(reply.statusCode()).isEqualTo(status);
      assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo(param);
    }
  }

  @Test
  void ask_tooLong_is422AndTooLarge_is413() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      String body = "{\"stream\":\"door\",\"question\":\"%s\"}";

      assertThat(onlooker.post(PATH, body.formatted("a".repeat(2_001))).statusCode())
          .isEqualTo(422);
      HttpResponse<String> large = onlooker.post(PATH, body.formatted("a".repeat(70_000)));
      assertThat(large.statusCode()).isEqualTo(413);
      assertThat(ServerFixture.errorCode(large)).isEqualTo("too_large");
    }
  }

  @Test
  void ask_asOf_answersFromWhatWasSeenByThen() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      HttpResponse<String> reply = onlooker.post(
          PATH,
          "{\"stream\":\"door\",\"question\":\"What?\",\"asOf\":\"2001-01-01T01:00:00+01:00\"}");

      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(ServerFixture.json(reply).path("citations").size()).isZero();
    }
  }

  @Test
  void ask_aboutSpans_saysWhichClipsStoodInTheContext() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      JsonNode answer = ServerFixture.json(onlooker.post(
          PATH,
          "{\"stream\":\"door\",\"question\":\"What?\",\"policy\":\"oracle\","
              + "\"spans\":[[0,1]]}"));

      JsonNode clips = answer.path("context").path("clips");
      assertThat(clips.isEmpty()).isFalse();
      assertThat(clips.path(0).path(0).decimalValue()).isZero();
      assertThat(clips.path(0).path(1).asDouble()).isPositive();
    }
  }

  private static ServerFixture gated() throws Exception {
    return gated(List.of("A ", "red ", "square."));
  }

  private static ServerFixture gated(List<String> answer) throws Exception {
    return ServerFixture.gated(new QuestionAnswerer.Limits(1, 1, Duration.ofSeconds(30)), answer);
  }

  private static HttpRequest.Builder request(ServerFixture onlooker) {
    return HttpRequest.newBuilder(onlooker.uri(PATH))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(ASK));
  }

  private static HttpRequest.Builder events(ServerFixture onlooker) {
    return request(onlooker).header("Accept", "text/event-stream");
  }
}
