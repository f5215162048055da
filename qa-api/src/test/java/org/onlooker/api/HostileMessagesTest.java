package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Throws seeded nonsense at the WebSocket: each message gets one error, the socket stays. */
class HostileMessagesTest {
  private static final long SEED = 20_261_121;
  private static final int MESSAGES = 2_000;
  private static final List<String> GOOD = List.of(
      "{\"type\":\"question.create\",\"id\":\"q\",\"stream\":\"door\",\"text\":\"What is there?\"}",
      "{\"type\":\"question.cancel\",\"id\":\"q\"}",
      "{\"type\":\"subscribe\",\"stream\":\"door\",\"kinds\":[\"stream.state\"]}",
      "{\"type\":\"ping\"}");
  private final Random random = new Random(SEED);

  @Test
  void messages_thatAreHostile_eachGetOneErrorAndKeepTheSocket() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.next("session.created");
      for (int i = 0; i < MESSAGES; i++) {
        String sent = send(client);

        ObjectNode reply = client.next();

        String shown = "seed " + SEED + ", message " + i + ": " + clipped(sent);
        assertThat(reply.path("type").asText()).as(shown).isEqualTo("error");
        assertThat(reply.path("seq").asLong()).as(shown).isEqualTo(i + 2L);
        assertThat(reply.path("code").asText()).as(shown).isNotEqualTo("internal");
        assertThat(reply.toString().length()).as(shown).isLessThan(1_000);
      }
      client.send("{\"type\":\"ping\"}");
      assertThat(client.next().path("type").asText()).isEqualTo("pong");
      assertThat(client.ended()).isFalse();
      assertThat(onlooker.answerer.inFlight()).isZero();
    }
  }

  private String send(SocketClient client) {
    if (random.nextInt(10) == 0) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      client.sendBinary(bytes);
      return bytes.length + " bytes";
    }
    String message = message();
    client.send(message);
    return message;
  }

  private String message() {
    String good = GOOD.get(random.nextInt(GOOD.size()));
    return switch (random.nextInt(9)) {
      case 0 -> good.substring(0, random.nextInt(good.length()));
      case 1 -> letters(random.nextInt(200));
      case 2 -> "[".repeat(random.nextInt(5_000)) + good;
      case 3 -> "{\"a\":".repeat(1 + random.nextInt(5_000)) + good + "}";
      case 4 ->
        good.replaceFirst("\"type\":\"", "\"type\":\"" + quoted(letters(1 + random.nextInt(30))));
      case 5 -> withField(good, quoted("x" + letters(random.nextInt(90))), "1");
      case 6 -> withField(good, "type", "\"ping\"");
      case 7 ->
        "{\"type\":\"question.cancel\",\"id\":\"" + "i".repeat(65_600 + random.nextInt(9_999))
            + "\"}";
      default -> wrongKind();
    };
  }

  /** A known event with a value of the wrong kind. */
  private String wrongKind() {
    List<String> values = new ArrayList<>(List.of(
        "null", "true", "-1e999", "[]", "{}", "{\"id\":[{}]}", "\"\\u0000\\ud800\"", "\"\""));
    String value = values.get(random.nextInt(values.size()));
    return switch (random.nextInt(4)) {
      case 0 -> "{\"type\":" + value + "}";
      case 1 ->
        "{\"type\":\"question.create\",\"id\":\"q\",\"text\":\"What?\",\"stream\":" + value + "}";
      case 2 -> "{\"type\":\"subscribe\",\"stream\":\"door\",\"kinds\":" + value + "}";
      default ->
        "{\"type\":\"question.create\",\"id\":\"q\",\"stream\":\"door\",\"text\":" + value + "}";
    };
  }

  private static String withField(String object, String name, String value) {
    return "{\"" + name + "\":" + value + "," + object.substring(1);
  }

  /** Characters of all sorts, without halves of surrogate pairs and never a JSON object. */
  private String letters(int length) {
    StringBuilder text = new StringBuilder();
    random.ints(length, 1, 0x2fff).forEach(text::appendCodePoint);
    return text.toString();
  }

  private static String quoted(String text) {
    return text.replaceAll("[\"\\\\\\p{Cntrl}]", "_");
  }

  private static String clipped(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200);
  }
}
