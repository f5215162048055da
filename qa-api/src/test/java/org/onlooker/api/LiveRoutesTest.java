package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.onlooker.core.LiveMedia.Fragment;
import org.onlooker.core.LiveMedia.Track;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamId;

class LiveRoutesTest {
  private static final StreamId DOOR = new StreamId("door");
  private static final String AVC = "video/mp4; codecs=\"avc1.64001f\"";
  private static final Instant ARRIVED = Instant.parse("2026-01-02T03:04:05.678Z");
  private static ServerFixture onlooker;

  @BeforeAll
  static void start() throws Exception {
    onlooker = ServerFixture.start().watching(DOOR.value());
  }

  @AfterAll
  static void stop() throws Exception {
    onlooker.close();
  }

  /** A player that writes down what it gets: text as it is, bytes as hexadecimal digits. */
  private static final class Player implements WebSocket.Listener, AutoCloseable {
    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket socket;
    private final boolean reads;

    private Player(String stream) {
      this(stream, true);
    }

    /** @param reads whether it asks for more than the first message */
    private Player(String stream, boolean reads) {
      this.reads = reads;
      socket = onlooker
          .http
          .newWebSocketBuilder()
          .subprotocols("onlooker.v1")
          .buildAsync(
              URI.create(
                  "ws://127.0.0.1:" + onlooker.port + "/api/v1/streams/" + stream + "/live.ws"),
              this)
          .join();
    }

    private String next() throws InterruptedException {
      return messages.poll(ServerFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The next one that does not tell the stream's state. */
    private String nextMedia() throws InterruptedException {
      String next = next();
      while (next != null && next.contains("live.state")) {
        next = next();
      }
      return next;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      return heard(from, data.toString(), last);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      return heard(from, HexFormat.of().formatHex(bytes), last);
    }

    private @Nullable CompletionStage<?> heard(WebSocket from, String part, boolean last) {
      message.append(part);
      if (last) {
        messages.add(message.toString());
        message.setLength(0);
      }
      if (reads) {
        from.request(1);
      }
      return null;
    }

    private WebSocket socket() {
      return socket;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      messages.add("closed " + code + " " + reason);
      return null;
    }

    @Override
    public void close() {
      socket.abort();
    }
  }

  private static Fragment fragment(boolean keyframe, double seconds, int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return new Fragment(content, keyframe, Pts.ofSeconds(seconds), ARRIVED);
  }

  private static void send(Track track) {
    onlooker.live.send(DOOR, viewer -> viewer.track(track));
  }

  private static void send(Fragment fragment) {
    onlooker.live.send(DOOR, viewer -> viewer.fragment(fragment));
  }

  private static void awaitViewers(int count) throws InterruptedException {
    ServerFixture.await(() -> onlooker.live.viewers(DOOR) == count, count + " viewers");
  }

  @Test
  void player_getsTrackTimesAndPictures_andLeaves() throws Exception {
    try (Player player = new Player("door")) {
      awaitViewers(1);
      assertThat(player.next()).contains("\"type\":\"live.state\"").contains("running");
      send(new Track(AVC, new byte[] {1, 2}));
      send(fragment(true, 12.5, 3));
      send(fragment(false, 12.54, 4));
      send(fragment(false, 13.6, 5));
      onlooker.live.send(DOOR, viewer -> viewer.unplayable("it is too wide"));
      assertThat(player.nextMedia())
          .isEqualTo(
              "{\"type\":\"live.track\",\"mimeType\":\"" + AVC.replace("\"", "\\\"") + "\"}");
      assertThat(player.nextMedia()).isEqualTo("0102");
      assertThat(player.nextMedia())
          .isEqualTo("{\"type\":\"live.time\",\"time\":12.5,\"arrivedAt\":\"" + ARRIVED + "\"}");
      assertThat(player.nextMedia()).isEqualTo("03");
      assertThat(player.nextMedia()).isEqualTo("04");
      assertThat(player.nextMedia()).contains("\"time\":13.6");
      assertThat(player.nextMedia()).isEqualTo("05");
      assertThat(player.nextMedia())
          .isEqualTo("{\"type\":\"live.unplayable\",\"reason\":\"it is too wide\"}");
      player.socket().sendText("what a player says is not heard", true).join();
      send(fragment(true, 14, 6));
      assertThat(player.nextMedia()).contains("\"time\":14.0");
    }
    awaitViewers(0);
  }

  @Test
  void playerThatJoins_getsAllOfAGroupAtOnce() throws Exception {
    byte[] part = new byte[16 * 1024];
    try (Player player = new Player("door")) {
      awaitViewers(1);
      for (int i = 0; i < 250; i++) { // ten seconds of a camera with one keyframe in them
        send(new Fragment(part, i == 0, Pts.ZERO, ARRIVED));
      }
      assertThat(player.nextMedia()).contains("live.time");
      for (int i = 0; i < 250; i++) {
        assertThat(player.nextMedia()).hasSize(2 * part.length);
      }
    }
    awaitViewers(0);
  }

  @Test
  void playerThatDoesNotRead_missesPicturesUpToAKeyframe_andHarmsNobody() throws Exception {
    byte[] large = new byte[256 * 1024];
    try (Player reader = new Player("door");
        Player sleeper = new Player("door", false)) {
      awaitViewers(2);
      for (int i = 0; i < 200; i++) {
        boolean keyframe = i % 20 == 0;
        onlooker.live.send(
            DOOR, viewer -> viewer.fragment(new Fragment(large, keyframe, Pts.ZERO, ARRIVED)));
        Thread.sleep(2);
      }
      double skipped =
          onlooker.meters.get("onlooker.live.fragments.skipped").counter().count();
      assertThat(skipped).isGreaterThan(0);
      assertThat(reader.nextMedia()).contains("live.time");
    }
    awaitViewers(0);
  }

  @Test
  void unknownStream_isToldSo() throws Exception {
    try (Player player = new Player("nowhere")) {
      assertThat(player.next()).startsWith("closed 4404").contains("nowhere");
    }
  }

  @Test
  void plainRequest_isRefused() throws Exception {
    assertThat(onlooker.get("/api/v1/streams/door/live.ws").statusCode()).isEqualTo(426);
  }
}
