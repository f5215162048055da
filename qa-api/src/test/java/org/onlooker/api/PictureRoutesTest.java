package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.KvBlock;
import org.onlooker.core.StreamId;
import org.onlooker.testing.TestClips;

class PictureRoutesTest {
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void snapshot_isTheNewestFrame() throws Exception {
    onlooker.watching("door");

    HttpResponse<byte[]> reply = bytes("/api/v1/streams/door/snapshot.jpg");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("image/jpeg");
    assertThat(reply.headers().firstValue("Cache-Control")).hasValue("no-store");
    assertThat(reply.body()).startsWith(0xff, 0xd8);
  }

  @Test
  void pictures_ofUnknownStream_are404() throws Exception {
    for (String picture : new String[] {"snapshot.jpg", "thumbnail.jpg?at=1", "live.mjpeg"}) {
      HttpResponse<String> reply = onlooker.get("/api/v1/streams/nobody/" + picture);

      assertThat(reply.statusCode()).as(picture).isEqualTo(404);
      assertThat(ServerFixture.errorCode(reply)).isEqualTo("not_found");
    }
  }

  @Test
  void pictures_ofStreamWithoutFrames_saySo() throws Exception {
    onlooker.post("/api/v1/streams", "{\"id\":\"door\",\"source\":\"test:away\"}");

    for (String picture : new String[] {"snapshot.jpg", "thumbnail.jpg?at=1"}) {
      HttpResponse<String> reply = onlooker.get("/api/v1/streams/door/" + picture);

      assertThat(reply.statusCode()).as(picture).isEqualTo(404);
      assertThat(ServerFixture.errorCode(reply)).isEqualTo("no_picture");
    }
  }

  /** Clips of one second at 0, 1, 2 and, after a gap, 10. */
  @ParameterizedTest
  @CsvSource({"0,0", "0.999999,0", "1,1", "2.5,2", "3.2,2", "6.4,2", "6.6,10", "10.5,10", "99,10"})
  void thumbnail_isOfTheNearestClip(String at, int sequence) throws Exception {
    StreamId door = new StreamId("door");
    onlooker.post("/api/v1/streams", "{\"id\":\"door\",\"source\":\"test:away\"}");
    for (int clip : new int[] {0, 1, 2, 10}) {
      try (KvBlock block = TestClips.block(clip, 3)) {
        onlooker.store.append(TestClips.memory(door, clip, "", new float[0]), block);
      }
    }

    HttpResponse<String> reply = onlooker.get("/api/v1/streams/door/thumbnail.jpg?at=" + at);

    assertThat(reply.body()).isEqualTo("jpeg door " + sequence);
  }

  @ParameterizedTest
  @CsvSource({"''", "?at=", "?at=soon", "?at=-1", "?at=NaN", "?at=1e300"})
  void thumbnail_ofBadTime_is422(String query) throws Exception {
    onlooker.watching("door");

    HttpResponse<String> reply = onlooker.get("/api/v1/streams/door/thumbnail.jpg" + query);

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo("at");
  }

  private HttpResponse<byte[]> bytes(String path) throws Exception {
    return onlooker.http.send(
        HttpRequest.newBuilder(onlooker.uri(path)).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }
}
