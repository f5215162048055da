package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.onlooker.core.QuestionAnswerer;

/** A session outlives its connection: cut at any point and resumed, nothing is missing. */
class SessionResumeTest {
  private static final String CREATE =
      "{\"type\":\"question.create\",\"id\":\"q\",\"stream\":\"door\",\"text\":\"What?\"}";
  private static final String RESUME =
      "{\"type\":\"session.resume\",\"session_id\":\"%s\",\"last_seq\":%d}";
  private static final int ENOUGH = 100;

  /** What a client knows of its session. */
  private static final class Dialogue {
    private final List<ObjectNode> events = new ArrayList<>();

    void hear(ObjectNode event) {
      events.add(event);
    }

    String id() {
      return events.getFirst().path("session_id").asText();
    }

    long lastSeq() {
      return events.getLast().path("seq").asLong();
    }

    String lastType() {
      return events.getLast().path("type").asText();
    }

    String resume() {
      return RESUME.formatted(id(), lastSeq());
    }

    /** Reads on to the answer's end. */
    void hearTheEnd(SocketClient client) throws InterruptedException {
      while (!lastType().equals("answer.done")) {
        hear(client.next());
      }
    }

    /** Nothing came twice, nothing is missing, and the text is the answer's. */
    void assertWhole(String words) {
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).path("seq").asLong()).isEqualTo(i + 1L);
      }
      Set<String> ids = new HashSet<>();
      events.forEach(event -> ids.add(event.path("event_id").asText()));
      assertThat(ids).hasSameSizeAs(events);
      String text = events.stream()
          .filter(event -> event.path("type").asText().equals("answer.delta"))
          .map(event -> event.path("text").asText())
          .collect(Collectors.joining());
      assertThat(text).isEqualTo(words);
      assertThat(events.getLast().at("/answer/answer").asText()).isEqualTo(words);
      assertThat(events.getLast().at("/answer/status").asText()).isEqualTo("completed");
    }
  }

  @Test
  void answer_cutAnywhereWhileItIsDecoded_isResumedWithoutLosingAWord() throws Exception {
    for (int words = 0; words <= 3; words++) {
      for (boolean endsMeanwhile : List.of(false, true)) {
        try (ServerFixture onlooker = gated().watching("door")) {
          Dialogue dialogue = new Dialogue();
          try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
            dialogue.hear(client.next());
            client.send(CREATE);
            dialogue.hear(client.next());
            onlooker.words.release(words);
            for (int i = 0; i < words; i++) {
              dialogue.hear(client.next());
            }
          }
          awaitCut(onlooker);
          if (endsMeanwhile) {
            onlooker.words.release(ENOUGH);
            ServerFixture.await(() -> onlooker.answerer.inFlight() == 0, "the answer's end");
          }
          try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
            client.next("session.created");
            client.send(dialogue.resume());
            onlooker.words.release(ENOUGH);
            dialogue.hearTheEnd(client);
          }
          dialogue.assertWhole(ServerFixture.ANSWER);
        }
      }
    }
  }

  @Test
  void client_thatMissedAnyNumberOfEvents_isToldThemAgainAsTheyWere() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      Dialogue heard = new Dialogue();
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        heard.hear(client.next());
        client.send(CREATE);
        heard.hearTheEnd(client);
      }
      int sent = heard.events.size();
      List<ObjectNode> resumed = new ArrayList<>();
      for (int last = 0; last <= sent; last++) {
        try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
          client.next("session.created");
          client.send(RESUME.formatted(heard.id(), last));

          for (ObjectNode missed : heard.events.subList(last, sent)) {
            assertThat(client.next()).isEqualTo(missed);
          }
          for (ObjectNode earlier : resumed) {
            assertThat(client.next()).isEqualTo(earlier);
          }
          ObjectNode end = client.next();
          assertThat(end.path("type").asText()).isEqualTo("session.resumed");
          assertThat(end.path("session_id").asText()).isEqualTo(heard.id());
          assertThat(end.path("seq").asLong()).isEqualTo(sent + resumed.size() + 1L);
          assertThat(end.path("events").asLong()).isEqualTo(sent - last + resumed.size());
          resumed.add(end);
        }
        awaitCut(onlooker);
      }
    }
  }

  @Test
  void connection_thatIsCutAgainAndAgain_losesNothing() throws Exception {
    try (ServerFixture onlooker = gated().watching("door")) {
      Dialogue dialogue = new Dialogue();
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        dialogue.hear(client.next());
        client.send(CREATE);
        dialogue.hear(client.next());
      }
      while (!dialogue.lastType().equals("answer.done")) {
        try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
          client.next("session.created");
          client.send(dialogue.resume());
          onlooker.words.release(1);
          dialogue.hear(client.next());
        }
      }
      dialogue.assertWhole(ServerFixture.ANSWER);
    }
  }

  @Test
  void session_resumedByANewerSocket_closesTheOlderAndGoesOn() throws Exception {
    try (ServerFixture onlooker = gated().watching("door");
        SocketClient older = new SocketClient(onlooker.http, onlooker.port);
        SocketClient newer = new SocketClient(onlooker.http, onlooker.port)) {
      Dialogue dialogue = new Dialogue();
      dialogue.hear(older.next());
      older.send(CREATE);
      dialogue.hear(older.next());
      newer.next("session.created");

      newer.send(dialogue.resume());

      assertThat(older.closeCode()).isEqualTo(4409);
      assertThat(newer.next().path("type").asText()).isEqualTo("session.resumed");
      newer.send("{\"type\":\"question.cancel\",\"id\":\"q\"}");
      newer.send("{\"type\":\"ping\"}");
      newer.next("pong");
      onlooker.words.release(ENOUGH);
      assertThat(newer.next("answer.done").at("/answer/status").asText()).isEqualTo("cancelled");
    }
  }

  @Test
  void session_resumedByAFloodOfSockets_isOnTheLastOnly() throws Exception {
    int flood = 40;
    try (ServerFixture onlooker = ServerFixture.start()) {
      List<SocketClient> clients = new ArrayList<>();
      try {
        Dialogue dialogue = new Dialogue();
        for (int i = 0; i <= flood; i++) {
          SocketClient client = new SocketClient(onlooker.http, onlooker.port);
          clients.add(client);
          ObjectNode created = client.next("session.created");
          if (i == 0) {
            dialogue.hear(created);
          } else {
            client.send(dialogue.resume());
            dialogue.hear(client.next("session.resumed"));
          }
        }
        for (SocketClient older : clients.subList(0, flood)) {
          assertThat(older.closeCode()).isEqualTo(4409);
        }
        clients.getLast().send("{\"type\":\"ping\"}");
        assertThat(clients.getLast().next().path("seq").asLong()).isEqualTo(flood + 2L);
        assertThat(gauge(onlooker, "onlooker.ws.sessions")).isEqualTo(1);
        assertThat(onlooker.meters.get("onlooker.ws.resumes").counter().count()).isEqualTo(flood);
      } finally {
        clients.forEach(SocketClient::close);
      }
    }
  }

  @Test
  void subscriptions_ofAResumedSession_goOn() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door")) {
      Dialogue dialogue = new Dialogue();
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        dialogue.hear(client.next());
        client.send("{\"type\":\"subscribe\",\"stream\":\"door\","
            + "\"kinds\":[\"stream.state\",\"commentary\"]}");
        dialogue.hear(client.next("subscribed"));
        dialogue.hear(client.next("stream.state"));
      }
      awaitCut(onlooker);
      onlooker.tellCommentary(ServerEvent.commentaryDelta("r", "door", "A cat."));
      onlooker.delete("/api/v1/streams/door");

      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        client.next("session.created");
        client.send(dialogue.resume());
        client.next("session.resumed");
        assertThat(client.next("commentary.delta").path("text").asText()).isEqualTo("A cat.");
        assertThat(client.next("stream.state").path("state").asText()).isEqualTo("removed");
      }
    }
  }

  @Test
  void session_thatNobodyResumes_endsAndStopsItsAnswers() throws Exception {
    try (ServerFixture onlooker = gated().watching("door")) {
      Dialogue dialogue = new Dialogue();
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        dialogue.hear(client.next());
        assertThat(dialogue.events.getFirst().path("resumable_seconds").asLong())
            .isEqualTo(Sessions.RESUMABLE.toSeconds());
        client.send(CREATE);
        client.next("question.accepted");
      }
      awaitCut(onlooker);
      assertThat(onlooker.answerer.inFlight()).isEqualTo(1);

      onlooker.ahead = Sessions.RESUMABLE.plusSeconds(1);

      ServerFixture.await(() -> gauge(onlooker, "onlooker.ws.sessions") == 0, "the session's end");
      onlooker.words.release(ENOUGH);
      ServerFixture.await(() -> onlooker.answerer.inFlight() == 0, "the answer's end");
      assertThat(
              QuestionSocketTest.metric(onlooker, "onlooker_questions_total{status=\"cancelled\"}"))
          .isEqualTo("1.0");
      assertGone(onlooker, dialogue.resume(), "60 s");
    }
  }

  @Test
  void session_whoseClientSaidGoodbye_isGone() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start()) {
      Dialogue dialogue = new Dialogue();
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        dialogue.hear(client.next());
        client.goodbye();
        awaitCut(onlooker);
      }
      assertGone(onlooker, dialogue.resume(), "no session of that id");
    }
  }

  @Test
  void sessions_thatLostTheirConnection_areBoundedInNumber() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start()) {
      List<Dialogue> left = new ArrayList<>();
      for (int i = 0; i < Sessions.KEPT_MAX + 2; i++) {
        Dialogue dialogue = new Dialogue();
        try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
          dialogue.hear(client.next());
        }
        awaitCut(onlooker);
        left.add(dialogue);
      }
      assertThat(gauge(onlooker, "onlooker.ws.sessions")).isEqualTo(Sessions.KEPT_MAX);

      assertGone(onlooker, left.get(1).resume(), "no session of that id");
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        client.next("session.created");
        client.send(left.getLast().resume());
        assertThat(client.next().path("type").asText()).isEqualTo("session.resumed");
      }
    }
  }

  @Test
  void resume_beyondWhatIsKept_saysWhatIsLost() throws Exception {
    List<String> answer = List.of("word".repeat(KeptEvents.CHARS_MAX / 8), " and", " more.");
    try (ServerFixture onlooker = ServerFixture.gated(limits(), answer).watching("door")) {
      onlooker.words.release(ENOUGH);
      Dialogue dialogue = new Dialogue();
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        dialogue.hear(client.next());
        client.send(CREATE);
        dialogue.hearTheEnd(client);
      }
      awaitCut(onlooker);

      assertGone(onlooker, RESUME.formatted(dialogue.id(), 1), "events 2 to 3");
    }
  }

  @Test
  void resume_fromTheFuture_isRefusedAndTheSessionStays() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start();
        SocketClient other = new SocketClient(onlooker.http, onlooker.port);
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      String id = other.next().path("session_id").asText();
      client.next("session.created");

      client.send(RESUME.formatted(id, 2));

      ObjectNode error = client.next();
      assertThat(error.path("code").asText()).isEqualTo("invalid");
      assertThat(error.path("param").asText()).isEqualTo("last_seq");
      other.send("{\"type\":\"ping\"}");
      assertThat(other.next().path("type").asText()).isEqualTo("pong");
    }
  }

  @Test
  void resume_onASocketThatIsInUse_isRefused() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient other = new SocketClient(onlooker.http, onlooker.port);
        SocketClient third = new SocketClient(onlooker.http, onlooker.port);
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      String its = client.next().path("session_id").asText();
      String others = other.next().path("session_id").asText();
      String thirds = third.next().path("session_id").asText();
      for (String id : List.of(its, others, thirds)) {
        client.send(RESUME.formatted(id, 1));
        if (id.equals(others)) {
          assertThat(client.next().path("type").asText()).isEqualTo("session.resumed");
        } else {
          assertThat(client.next().path("code").asText()).isEqualTo("session_started");
        }
      }
      third.send(CREATE);
      third.next("answer.done");
      third.send(RESUME.formatted(others, 1));
      assertThat(third.next().path("code").asText()).isEqualTo("session_started");
      assertThat(client.ended()).isFalse();
    }
  }

  private static void assertGone(ServerFixture onlooker, String resume, String why)
      throws InterruptedException {
    try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.next("session.created");
      client.send(resume);

      ObjectNode error = client.next();

      assertThat(error.path("code").asText()).isEqualTo("session_gone");
      assertThat(error.path("message").asText()).contains(why).contains("/api/v1/conversations");
      assertThat(error.path("seq").asLong()).isEqualTo(2);
      client.send("{\"type\":\"ping\"}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong");
    }
  }

  /** Waits until the server knows that nobody is connected. */
  private static void awaitCut(ServerFixture onlooker) throws InterruptedException {
    ServerFixture.await(() -> gauge(onlooker, "onlooker.ws.clients") == 0, "the socket's end");
  }

  private static double gauge(ServerFixture onlooker, String name) {
    return onlooker.meters.get(name).gauge().value();
  }

  private static QuestionAnswerer.Limits limits() {
    return new QuestionAnswerer.Limits(1, 8, Duration.ofSeconds(30));
  }

  private static ServerFixture gated() throws Exception {
    return ServerFixture.gated(limits());
  }
}
