package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.ConversationId;
import org.onlooker.core.StreamId;

class ConversationRoutesTest {
  private static final String PATH = "/api/v1/conversations";
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start().watching("door");
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  private HttpResponse<String> ask(String stream, String question, String conversation)
      throws Exception {
    return onlooker.post(
        "/api/v1/questions",
        "{\"stream\":\"" + stream + "\",\"question\":\"" + question + "\",\"conversation\":\""
            + conversation + "\"}");
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> reply = onlooker.get(path);
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return ServerFixture.json(reply);
  }

  @Test
  void ask_inAConversation_becomesItsTurns() throws Exception {
    JsonNode first = ServerFixture.json(ask("door", "What is there?", "tea"));
    JsonNode second = ServerFixture.json(ask("door", "And now?", "tea"));

    assertThat(first.path("conversation").asText()).isEqualTo("tea");
    JsonNode dialogue = get(PATH + "/tea");
    assertThat(dialogue.path("stream").asText()).isEqualTo("door");
    assertThat(dialogue.path("title").asText()).isEqualTo("What is there?");
    assertThat(dialogue.path("turnCount").asInt()).isEqualTo(2);
    assertThat(dialogue.path("turns").findValuesAsText("question"))
        .containsExactly("What is there?", "And now?");
    JsonNode turn = dialogue.path("turns").path(1);
    assertThat(turn.path("id")).isEqualTo(second.path("id"));
    assertThat(turn.path("answer").asText()).isEqualTo(ServerFixture.ANSWER);
    assertThat(turn.path("status").asText()).isEqualTo("completed");
    assertThat(turn.path("askedAt")).isEqualTo(second.path("askedAt"));
    JsonNode cited = second.path("citations").path(0);
    assertThat(turn.path("citations").path(0).path("start")).isEqualTo(cited.path("start"));
    assertThat(turn.path("citations").path(0).path("end")).isEqualTo(cited.path("end"));
    assertThat(dialogue.path("updatedAt")).isEqualTo(second.path("askedAt"));
  }

  @Test
  void ask_withoutAConversation_isKeptNowhere() throws Exception {
    HttpResponse<String> reply =
        onlooker.post("/api/v1/questions", "{\"stream\":\"door\",\"question\":\"What is there?\"}");

    assertThat(ServerFixture.json(reply).has("conversation")).isFalse();
    assertThat(get(PATH + "?stream=door").path("conversations")).isEmpty();
  }

  @Test
  void ask_inANewConversation_isToldItsName() throws Exception {
    String one =
        ServerFixture.json(ask("door", "Who?", "new")).path("conversation").asText();
    String other =
        ServerFixture.json(ask("door", "Who?", "new")).path("conversation").asText();

    assertThat(one).startsWith("con-").isNotEqualTo(other);
    assertThat(get(PATH + "/" + one).path("turns")).hasSize(1);
    assertThat(onlooker.get(PATH + "/new").statusCode()).isEqualTo(404);
  }

  @Test
  void ask_inAConversationAboutAnotherStream_isRefused() throws Exception {
    onlooker.watching("yard");
    ask("door", "What is there?", "tea");

    HttpResponse<String> reply = ask("yard", "What is there?", "tea");

    assertThat(reply.statusCode()).isEqualTo(409);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("already_exists");
    assertThat(reply.body()).contains("about stream \\\"door\\\"");
    assertThat(get(PATH + "/tea").path("turnCount").asInt()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"Tea", "''", "../tea", "a b"})
  void ask_withAWrongName_isRefused(String name) throws Exception {
    HttpResponse<String> reply = ask("door", "What is there?", name);

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText())
        .isEqualTo("conversation");
  }

  @Test
  void list_inPages_namesEachOnceNewestFirst() throws Exception {
    StreamId door = new StreamId("door");
    Instant begun = Instant.parse("2026-11-21T10:00:00Z");
    for (int i = 0; i < 7; i++) { // pairs begin in the same moment
      onlooker
          .store
          .conversations()
          .open(new ConversationId("c" + i), door, begun.plusMillis(i / 2));
    }

    List<String> ids = new ArrayList<>();
    JsonNode page = get(PATH + "?stream=door&limit=3");
    while (true) {
      assertThat(page.path("conversations").size()).isLessThanOrEqualTo(3);
      ids.addAll(page.path("conversations").findValuesAsText("id"));
      if (!page.has("next")) {
        break;
      }
      page = get(PATH + "?stream=door&limit=3&cursor=" + page.path("next").asText());
    }

    assertThat(ids).containsExactly("c6", "c4", "c5", "c2", "c3", "c0", "c1");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 422, stream",
    "?stream=nobody, 404, ''",
    "?stream=%2F, 404, ''",
    "?stream=door&limit=0, 422, limit",
    "?stream=door&limit=101, 422, limit",
    "?stream=door&limit=x, 422, limit",
    "?stream=door&cursor=tea, 422, cursor",
    "?stream=door&cursor=9.T, 422, cursor",
    "?stream=door&cursor=99999999999999999999.tea, 422, cursor",
    "?stream=door&page=2, 422, page",
    "/nothing, 404, ''",
    "/NOTHING, 404, ''",
    "/tea?turns=1, 422, turns"
  })
  void wrongCalls_areToldWhatIsWrong(String call, int status, String param) throws Exception {
    HttpResponse<String> reply = onlooker.get(PATH + call);

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    JsonNode error = ServerFixture.json(reply).path("error");
    assertThat(error.path("code").asText()).isEqualTo(status == 404 ? "not_found" : "invalid");
    assertThat(error.path("param").asText()).isEqualTo(param);
  }

  @Test
  void remove_forgetsTheConversationOnly() throws Exception {
    ask("door", "What is there?", "tea");
    ask("door", "What is there?", "talk");

    assertThat(onlooker.delete(PATH + "/tea").statusCode()).isEqualTo(204);

    assertThat(onlooker.get(PATH + "/tea").statusCode()).isEqualTo(404);
    HttpResponse<String> again = onlooker.delete(PATH + "/tea");
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(ServerFixture.errorCode(again)).isEqualTo("not_found");
    assertThat(get(PATH + "?stream=door").path("conversations").findValuesAsText("id"))
        .containsExactly("talk");
  }

  @Test
  void streamRemovedWithItsMemory_takesItsConversationsAlong() throws Exception {
    ask("door", "What is there?", "tea");

    assertThat(onlooker.delete("/api/v1/streams/door?memory=true").statusCode()).isEqualTo(204);

    assertThat(onlooker.get(PATH + "/tea").statusCode()).isEqualTo(404);
  }

  @Test
  void socket_questionsOfAConversation_areKeptThere() throws Exception {
    Set<String> answered = new TreeSet<>();
    try (SocketClient socket = new SocketClient(onlooker.http, onlooker.port)) {
      for (String id : List.of("one", "two")) {
        socket.send("{\"type\":\"question.create\",\"id\":\"" + id
            + "\",\"stream\":\"door\",\"text\":\"Who?\",\"conversation\":\"tea\"}");
        JsonNode answer = socket.next("answer.done").path("answer");
        assertThat(answer.path("conversation").asText()).isEqualTo("tea");
        answered.add(answer.path("id").asText());
      }
    }

    assertThat(get(PATH + "/tea").path("turns").findValuesAsText("id"))
        .containsExactlyInAnyOrderElementsOf(answered);
  }
}
