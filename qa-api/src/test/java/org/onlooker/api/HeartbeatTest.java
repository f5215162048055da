package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.testing.RawWebSocket;

class HeartbeatTest {
  private static final Duration EVERY = Duration.ofMillis(50);
  private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
  private Vertx vertx;
  private int port;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    HttpServer server = vertx
        .createHttpServer(new HttpServerOptions().setWebSocketClosingTimeout(1))
        .webSocketHandler(socket -> {
          Heartbeat heartbeat = new Heartbeat(vertx, socket, EVERY);
          socket.closeHandler(ignored -> {
            heartbeat.stop();
            closed.complete(true);
          });
        });
    port = server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS).actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void socketThatAnswersNoPing_isClosed() throws Exception {
    try (RawWebSocket silent = new RawWebSocket(port, "/")) {
      silent.readTo("no answer to 3 pings");
      silent.awaitEnd();

      assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void socketThatReads_staysOpen() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket reading = http.newWebSocketBuilder()
          .buildAsync(URI.create("ws://127.0.0.1:" + port), new WebSocket.Listener() {})
          .get(10, TimeUnit.SECONDS);

      Thread.sleep(10 * EVERY.toMillis());

      assertThat(closed).isNotDone();
      reading.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
      assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
    }
  }
}
