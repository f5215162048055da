package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Jpeg;
import org.onlooker.core.StreamId;

class LivePictureTest {
  private static final StreamId DOOR = new StreamId("door");
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start().watching(DOOR.value());
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void live_givesPartsAndEndsWithTheStream() throws Exception {
    HttpResponse<InputStream> reply = open();
    assertThat(reply.headers().firstValue("Content-Type"))
        .hasValue("multipart/x-mixed-replace; boundary=onlooker-frame");

    try (InputStream body = reply.body()) {
      String head = "--onlooker-frame\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\n\r\n";
      assertThat(text(body.readNBytes(head.length()))).isEqualTo(head);
      assertThat(body.readNBytes(3)).startsWith(0xff, 0xd8);
      onlooker.delete("/api/v1/streams/door");

      assertThat(text(body.readAllBytes())).startsWith("\r\n--onlooker-frame\r\n");
    }
  }

  @Test
  void live_showsPicturesBetweenTheSampledOnes_whileItIsOpen() throws Exception {
    try (InputStream body = open().body()) {
      ServerFixture.await(() -> onlooker.live.looking(DOOR) == 1, "somebody who looks");
      onlooker.live.show(DOOR, new Jpeg("between".getBytes(StandardCharsets.US_ASCII)));

      assertThat(readUntil(body, "between")).contains("Content-Length: 7\r\n\r\nbetween");
    }
    onlooker.delete("/api/v1/streams/door");
    ServerFixture.await(() -> onlooker.live.looking(DOOR) == 0, "nobody who looks");
  }

  private HttpResponse<InputStream> open() throws Exception {
    return onlooker.http.send(
        HttpRequest.newBuilder(onlooker.uri("/api/v1/streams/door/live.mjpeg")).build(),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  private static String readUntil(InputStream body, String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      read.append(text(body.readNBytes(1)));
    }
    return read.toString();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
