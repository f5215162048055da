package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.testing.HostileSocket;
import org.onlooker.testing.RawWebSocket;

/** Throws seeded nonsense at the WebSocket; {@code ./onlooker bench sockets --fuzz} does more. */
class HostileMessagesTest {
  private static final long SEED = 20_261_122;
  private static final int MESSAGES = 4_000;
  private static final Pattern SESSION_ID = Pattern.compile("\"session_id\":\"(\\w+)\"");

  @Test
  void messages_thatAreHostile_eachGetOneReplyAndTouchNobody() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient bystander = new SocketClient(onlooker.http, onlooker.port);
        HostileSocket hostile = new HostileSocket(onlooker.http, address(onlooker), "door", SEED)) {
      bystander.next("session.created");

      hostile.send(MESSAGES);

      assertThat(hostile.errors() + hostile.taken()).isEqualTo(MESSAGES);
      assertThat(hostile.errors()).isGreaterThan(MESSAGES * 9 / 10);
      assertThat(onlooker.answerer.inFlight()).isZero();
      bystander.send("{\"type\":\"ping\"}");
      assertThat(bystander.next().path("seq").asLong()).isEqualTo(2);
      assertThat(bystander.ended()).isFalse();
    }
  }

  @Test
  void text_thatIsNotUtf8_getsAnError() throws Exception {
    try (ServerFixture onlooker = ServerFixture.start();
        RawWebSocket socket = new RawWebSocket(onlooker.port, "/api/v1/ws")) {
      socket.readTo("\"seq\":1}");
      byte[] ping = "{\"type\":\"ping\",\"event_id\":\"?\"}".getBytes(StandardCharsets.US_ASCII);
      ping[ping.length - 3] = (byte) 0xc3;

      socket.frame(0x81, ping);

      assertThat(socket.readTo("\"seq\":2}")).contains("\"malformed\"").contains("UTF-8");
      socket.text("{\"type\":\"ping\"}");
      socket.readTo("\"pong\"");
    }
  }

  /** RFC 6455 wants these connections to end; the session is kept, and others never notice. */
  @ParameterizedTest
  @ValueSource(strings = {"too large", "reserved", "unmasked", "close of one byte"})
  void frame_thatBreaksTheProtocol_endsThatConnectionOnly(String kind) throws Exception {
    try (ServerFixture onlooker = ServerFixture.start().watching("door");
        SocketClient bystander = new SocketClient(onlooker.http, onlooker.port);
        SocketClient heir = new SocketClient(onlooker.http, onlooker.port);
        RawWebSocket broken = new RawWebSocket(onlooker.port, "/api/v1/ws")) {
      bystander.next("session.created");
      heir.next("session.created");
      Matcher id = SESSION_ID.matcher(broken.readTo("\"seq\":1}"));
      assertThat(id.find()).isTrue();

      breakProtocol(broken, kind);
      broken.awaitEnd();

      heir.send(
          "{\"type\":\"session.resume\",\"session_id\":\"" + id.group(1) + "\",\"last_seq\":1}");
      assertThat(heir.next().path("type").asText()).isEqualTo("session.resumed");
      bystander.send("{\"type\":\"ping\"}");
      assertThat(bystander.next().path("seq").asLong()).isEqualTo(2);
    }
  }

  private static void breakProtocol(RawWebSocket socket, String kind) throws IOException {
    switch (kind) {
      case "too large" -> socket.bytes(headOfTextFrame(SocketDoor.FRAME_BYTES_MAX + 1));
      case "reserved" -> socket.frame(0x83, "{}".getBytes(StandardCharsets.US_ASCII));
      case "unmasked" -> socket.bytes(new byte[] {(byte) 0x81, 2, '{', '}'});
      default -> socket.frame(0x88, new byte[] {1});
    }
  }

  /** A frame's head alone: who refuses it by its length may close before the rest is sent. */
  private static byte[] headOfTextFrame(long length) {
    return ByteBuffer.allocate(10)
        .put((byte) 0x81)
        .put((byte) 0xff)
        .putLong(length)
        .array();
  }

  private static URI address(ServerFixture onlooker) {
    return URI.create("ws://127.0.0.1:" + onlooker.port + "/api/v1/ws");
  }
}
