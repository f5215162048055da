package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.onlooker.core.QuestionAnswerer;

/** A client that asks and does not read: the streamed text is left out, its end has it whole. */
class SlowReaderTest {
  private static final int WORDS = 600;
  private static final int WORD_CHARS = 20_000;
  private static final int WORDS_PER_TURN = 2;
  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

  /** More than the buffers of two sockets and the outbox hold. */
  private static final List<String> LONG_ANSWER =
      Collections.nCopies(WORDS, "word".repeat(WORD_CHARS / 4) + " ");

  @Test
  void events_thatNobodyReads_endWithTheWholeAnswer() throws Exception {
    String body = "{\"stream\":\"door\",\"question\":\"What?\"}";
    try (ServerFixture onlooker = slowly().watching("door");
        Socket socket = connected(onlooker)) {
      write(
          socket,
          ("POST /api/v1/questions HTTP/1.1\r\nHost: localhost:" + onlooker.port
                  + "\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
                  + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
              .getBytes(StandardCharsets.UTF_8));

      awaitLeftOut(onlooker);

      assertWhole(socket);
    }
  }

  @Test
  void socket_thatNobodyReads_endsWithTheWholeAnswerAndLivesOn() throws Exception {
    try (ServerFixture onlooker = slowly().watching("door");
        Socket socket = connected(onlooker)) {
      write(
          socket,
          ("GET /api/v1/ws HTTP/1.1\r\nHost: localhost:" + onlooker.port
                  + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                  + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      rest(socket, "session.created");
      write(
          socket,
          frame("{\"type\":\"question.create\",\"id\":\"q\",\"stream\":\"door\","
              + "\"text\":\"What?\"}"));

      awaitLeftOut(onlooker);

      assertWhole(socket);
      write(socket, frame("{\"type\":\"ping\"}"));
      rest(socket, "\"pong\"");
    }
  }

  private static ServerFixture slowly() throws Exception {
    return ServerFixture.gated(
        new QuestionAnswerer.Limits(1, 1, Duration.ofSeconds(60)), LONG_ANSWER);
  }

  /** Lets the model speak, in portions, until the server has had enough, then to the end. */
  private static void awaitLeftOut(ServerFixture onlooker) throws InterruptedException {
    ServerFixture.await(
        () -> {
          onlooker.words.release(WORDS_PER_TURN);
          return onlooker
                  .meters
                  .get("onlooker.events.dropped")
                  .tag("kind", "answer_delta")
                  .counter()
                  .count()
              >= 1;
        },
        "text to be left out");
    onlooker.words.release(WORDS);
    ServerFixture.await(() -> onlooker.answerer.inFlight() == 0, "the end of the answer");
  }

  private static Socket connected(ServerFixture onlooker) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
    socket.setSoTimeout((int) ServerFixture.PATIENCE.toMillis());
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), onlooker.port));
    return socket;
  }

  private static void write(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** A text frame under a mask of zeros (RFC 6455, section 5.2), up to 125 bytes. */
  private static byte[] frame(String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    assertThat(payload.length).isLessThanOrEqualTo(125);
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x81);
    frame.write(0x80 | payload.length);
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** Some of the deltas are missing, so it takes the end's text to come to so many bytes. */
  private static void assertWhole(Socket socket) throws IOException {
    Read read = rest(socket, "\"coverage\"");
    assertThat(read.tail()).contains("\"completed\"");
    assertThat(read.bytes()).isGreaterThan((long) WORDS * WORD_CHARS);
  }

  private record Read(String tail, long bytes) {}

  /** What is read up to {@code end}, of which all but the last is forgotten. */
  private static Read rest(Socket socket, String end) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[64 * 1024];
    String tail = "";
    int read = in.read(buffer);
    long bytes = 0;
    while (read >= 0) {
      bytes += read;
      String text = tail + new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
      if (text.contains(end)) {
        return new Read(text, bytes);
      }
      tail = text.substring(Math.max(0, text.length() - 1_000));
      read = in.read(buffer);
    }
    throw new AssertionError("the connection ended before " + end);
  }
}
