package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.QuestionAnswerer;

class QuestionSocketTest {
  private static final String CREATE =
      "{\"type\":\"question.create\",\"id\":\"%s\",\"stream\":\"door\",\"text\":\"What?\"}";
  private static final String SUBSCRIBE =
      "{\"type\":\"%s\",\"stream\":\"%s\",\"kinds\":[\"stream.state\",\"stream.stats\"]}";

  @Test
  void open_tellsSessionVersionAndModel() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start();
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      ObjectNode created = client.next();

      assertThat(created.path("type").asText()).isEqualTo("session.created");
      assertThat(created.path("seq").asLong()).isEqualTo(1);
      assertThat(created.path("event_id").asText()).isNotEmpty();
      assertThat(created.path("session_id").asText()).startsWith("ses_");
      assertThat(created.path("version").asText()).isEqualTo("0.1.0-test");
      assertThat(created.path("model").path("name").asText()).isEqualTo("scripted");
      assertThat(created.path("model").path("domain").asText())
          .isEqualTo("It says what a test wrote.");
      assertThat(created.path("model").path("device").asText()).isEqualTo("cpu");
      assertThat(client.socket().getSubprotocol()).isEqualTo("onlooker.v1");
    }
  }

  @Test
  void question_isAcceptedThenStreamedThenDone() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(CREATE.formatted("q1"));

      List<ObjectNode> events = new ArrayList<>(List.of(client.next("question.accepted")));
      while (!events.getLast().path("type").asText().equals("answer.done")) {
        events.add(client.next());
      }

      assertThat(events.stream().map(e -> e.path("type").asText()))
          .containsExactly(
              "question.accepted",
              "answer.delta",
              "answer.delta",
              "answer.delta",
              "answer.citation",
              "answer.done");
      assertThat(events).allMatch(e -> e.path("id").asText().equals("q1"));
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).path("seq").asLong()).isEqualTo(i + 2);
      }
      assertThat(events.stream().map(e -> e.path("event_id").asText()).distinct())
          .hasSize(6);
      JsonNode answer = events.getLast().path("answer");
      assertThat(answer.path("answer").asText()).isEqualTo(ServerFixture.ANSWER);
      assertThat(answer.path("id")).isEqualTo(events.getFirst().path("answerId"));
      assertThat(answer.path("citations").path(0)).isEqualTo(events.get(4).path("citation"));
    }
  }

  @Test
  void question_aboutSpans_isAnsweredOverThemOrRefusedWithTheReason() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      String create = CREATE.formatted("q1").replace("}", ",%s\"spans\":[[0,1]]}");

      client.send(create.formatted("\"policy\":\"oracle\","));
      JsonNode clips = client.next("answer.done").at("/answer/context/clips");
      assertThat(clips.path(0).path(0).decimalValue()).isZero();

      client.send(create.formatted(""));
      assertThat(client.next("error").path("message").asText()).contains("oracle");
    }
  }

  @Test
  void questions_ofOneSocketRunAtOnce() throws Exception {
    try (ServerFixture onlooker = gated(2, 8).watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(CREATE.formatted("first"));
      client.send(CREATE.formatted("second"));
      assertThat(client.next("question.accepted").path("id").asText()).isEqualTo("first");
      assertThat(client.next("question.accepted").path("id").asText()).isEqualTo("second");

      onlooker.words.release(100);

      assertThat(List.of(
              client.next("answer.done").path("id").asText(),
              client.next("answer.done").path("id").asText()))
          .containsExactlyInAnyOrder("first", "second");
    }
  }

  @Test
  void cancel_endsTheAnswerWithThatStatus() throws Exception {
    try (ServerFixture onlooker = gated(1, 8).watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(CREATE.formatted("q1"));
      client.next("question.accepted");
      onlooker.words.release(1);
      client.next("answer.delta");

      client.send("{\"type\":\"question.cancel\",\"id\":\"q1\"}");
      client.send("{\"type\":\"ping\"}");
      client.next("pong");
      onlooker.words.release(100);

      JsonNode answer = client.next("answer.done").path("answer");
      assertThat(answer.path("status").asText()).isEqualTo("cancelled");
      assertThat(answer.path("reason").asText()).isNotEmpty();
      assertThat(answer.path("answer").asText()).isEqualTo("A");
    }
  }

  @Test
  void leaving_withAGoodbyeStopsTheAnswers() throws Exception {
    try (ServerFixture onlooker = gated(1, 8).watching("door")) {
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        client.send(CREATE.formatted("running"));
        client.send(CREATE.formatted("waiting"));
        client.next("question.accepted");
        client.next("question.accepted");
        client.goodbye();
      }
      ServerFixture.await(
          () -> metric(onlooker, "onlooker_ws_clients").equals("0.0"), "the socket's end");
      onlooker.words.release(100);

      ServerFixture.await(() -> onlooker.answerer.inFlight() == 0, "the end of the answers");
      assertThat(metric(onlooker, "onlooker_questions_total{status=\"cancelled\"}"))
          .isEqualTo("2.0");
    }
  }

  @Test
  void overload_isAnErrorForThatQuestion() throws Exception {
    try (ServerFixture onlooker = gated(1, 1).watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(CREATE.formatted("q1"));
      client.next("question.accepted");
      client.send(CREATE.formatted("q2"));
      client.next("question.accepted");
      client.send(CREATE.formatted("q3"));

      ObjectNode error = client.next("error");

      assertThat(error.path("code").asText()).isEqualTo("overloaded");
      assertThat(error.path("cause").path("id").asText()).isEqualTo("q3");
      onlooker.words.release(100);
      client.next("answer.done");
      client.next("answer.done");
    }
  }

  @Test
  void questions_ofOneSocketAreBounded() throws Exception {
    try (ServerFixture onlooker = gated(1, 16).watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      for (int i = 0; i < 4; i++) {
        client.send(CREATE.formatted("q" + i));
      }
      client.send(CREATE.formatted("q4"));
      client.send(CREATE.formatted("q0"));

      assertThat(client.next("error").path("code").asText()).isEqualTo("too_many_questions");
      assertThat(client.next("error").path("code").asText()).isEqualTo("already_exists");
      onlooker.words.release(100);
    }
  }

  @Test
  void subscribe_tellsStateNowStatsAndRemoval() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(SUBSCRIBE.formatted("subscribe", "door"));

      ObjectNode state = client.next("stream.state");
      assertThat(state.path("stream").asText()).isEqualTo("door");
      assertThat(state.path("state").asText()).isEqualTo("running");
      assertThat(state.has("since")).isTrue();
      ObjectNode stats = client.next("stream.stats");
      assertThat(stats.path("counters").path("framesSampled").asInt()).isEqualTo(6);
      client.next("stream.stats");
      onlooker.delete("/api/v1/streams/door");
      assertThat(client.next("stream.state").path("state").asText()).isIn("terminating", "removed");
    }
  }

  @Test
  void subscribe_toCommentary_tellsRemarksOfThatStream() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send("{\"type\":\"subscribe\",\"stream\":\"door\",\"kinds\":[\"commentary\"]}");
      assertThat(client.next("subscribed").path("kinds").toString()).isEqualTo("[\"commentary\"]");

      for (String stream : List.of("gate", "door")) {
        onlooker.tellCommentary(ServerEvent.commentaryDelta("rem_1", stream, "A cat came in."));
        onlooker.tellCommentary(
            ServerEvent.commentaryDone("rem_1", stream, Json.object().put("text", "A cat.")));
      }

      ObjectNode delta = client.next();
      assertThat(delta.path("type").asText()).isEqualTo("commentary.delta");
      assertThat(delta.path("stream").asText()).isEqualTo("door");
      assertThat(delta.path("text").asText()).isEqualTo("A cat came in.");
      ObjectNode done = client.next();
      assertThat(done.path("type").asText()).isEqualTo("commentary.done");
      assertThat(done.path("seq").asLong()).isEqualTo(delta.path("seq").asLong() + 1);
      assertThat(done.path("remark").path("text").asText()).isEqualTo("A cat.");
    }
  }

  @Test
  void update_setsWhatQuestionsHoldUnlessTheySayOtherwise() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send("{\"type\":\"session.update\",\"stream\":\"door\",\"policy\":\"recent\"}");
      assertThat(client.next("session.updated").path("defaults").path("stream").asText())
          .isEqualTo("door");

      client.send("{\"type\":\"question.create\",\"id\":\"q1\",\"text\":\"What?\"}");
      JsonNode answer = client.next("answer.done").path("answer");
      assertThat(answer.path("stream").asText()).isEqualTo("door");
      assertThat(answer.at("/context/policy").asText()).isEqualTo("recent");
      client.send("{\"type\":\"question.create\",\"id\":\"q2\",\"text\":\"What?\","
          + "\"stream\":\"gate\"}");
      assertThat(client.next("error").path("message").asText()).contains("gate");

      client.send("{\"type\":\"session.update\",\"stream\":null}");
      assertThat(client.next("session.updated").path("defaults").toString())
          .isEqualTo("{\"policy\":\"recent\"}");
    }
  }

  @Test
  void subscribe_toAll_tellsOfStreamsToCome() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start();
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(SUBSCRIBE.formatted("subscribe", "*"));
      onlooker.watching("later");

      assertThat(client.next("stream.state").path("stream").asText()).isEqualTo("later");
    }
  }

  @Test
  void unsubscribe_endsTheNews() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(SUBSCRIBE.formatted("subscribe", "door"));
      client.next("stream.stats");
      client.send(SUBSCRIBE.formatted("unsubscribe", "door"));
      assertThat(client.next("unsubscribed").path("stream").asText()).isEqualTo("door");

      onlooker.delete("/api/v1/streams/door");
      client.send("{\"type\":\"ping\"}");

      assertThat(client.next().path("type").asText()).isEqualTo("pong");
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
      nonsense                                                            | malformed
      ^^                                                                  | malformed
      []                                                                  | malformed
      {}                                                                  | invalid
      {"type":5}                                                          | invalid
      {"type":"session.smile"}                                            | unknown_event
      {"type":"session.resume","session_id":"x","last_seq":1}             | session_gone
      {"type":"session.resume","session_id":5,"last_seq":1}               | invalid
      {"type":"session.resume","session_id":"x"}                          | invalid
      {"type":"session.resume","session_id":"x","last_seq":-1}            | invalid
      {"type":"session.resume","session_id":"x","last_seq":1.5}           | invalid
      {"type":"session.resume","session_id":"x","last_seq":1e30}          | invalid
      {"type":"session.update","stream":"DOOR"}                           | invalid
      {"type":"session.update","policy":7}                                | invalid
      {"type":"session.update","mood":"good"}                             | invalid
      {"type":"ping","loud":true}                                         | invalid
      {"type":"question.create","id":"q","stream":"door"}                 | invalid
      {"type":"question.create","id":"q","stream":"DOOR","text":"What?"}  | invalid
      {"type":"question.create","id":"q","stream":"nobody","text":"Hm?"}  | not_found
      {"type":"question.cancel","id":"q"}                                 | not_found
      {"type":"subscribe","stream":"nobody","kinds":["stream.state"]}     | not_found
      {"type":"subscribe","stream":"door","kinds":["stream.smell"]}       | invalid
      {"type":"subscribe","stream":"door","kinds":[]}                     | invalid
      """)
  void event_thatIsWrong_getsAnErrorAndKeepsTheSocket(String event, String code) throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send(event);

      ObjectNode error = client.next("error");

      assertThat(error.path("code").asText()).isEqualTo(code);
      assertThat(error.path("message").asText()).isNotEmpty();
      assertThat(error.has("cause")).isTrue();
      client.send("{\"type\":\"ping\",\"event_id\":\"mine\"}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong");
    }
  }

  @Test
  void error_namesItsCause() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start();
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.send("{\"type\":\"question.cancel\",\"id\":\"q9\",\"event_id\":\"mine-7\"}");

      JsonNode cause = client.next("error").path("cause");

      assertThat(cause.toString())
          .isEqualTo("{\"type\":\"question.cancel\",\"id\":\"q9\",\"event_id\":\"mine-7\"}");
    }
  }

  @Test
  void address_withoutUpgrade_is426() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start()) {
      HttpResponse<String> reply = onlooker.get("/api/v1/ws");

      assertThat(reply.statusCode()).isEqualTo(426);
      assertThat(reply.headers().firstValue("Upgrade")).hasValue("websocket");
    }
  }

  private static ServerFixture gated(int concurrent, int waiting) throws Exception {
    return ServerFixture.gated(
        new QuestionAnswerer.Limits(concurrent, waiting, Duration.ofSeconds(30)));
  }

  static String metric(ServerFixture onlooker, String name) {
    return onlooker
        .meters
        .scrape()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("none");
  }
}
