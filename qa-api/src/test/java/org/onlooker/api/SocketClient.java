package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that hands out the server's events one by one. */
final class SocketClient implements AutoCloseable {
  private final LinkedBlockingQueue<ObjectNode> events = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private volatile boolean ended;
  private volatile int closeCode;

  SocketClient(HttpClient http, int port) {
    this.socket = http.newWebSocketBuilder()
        .subprotocols("onlooker.v1")
        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/ws"), new Listener())
        .join();
  }

  WebSocket socket() {
    return socket;
  }

  void send(String event) {
    socket.sendText(event, true).join();
  }

  void sendBinary(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  ObjectNode next() throws InterruptedException {
    ObjectNode event = events.poll(ServerFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError(ended ? "the socket was closed" : "no event came");
    }
    return event;
  }

  /** The next event of a type; others before it are passed over. */
  ObjectNode next(String type) throws InterruptedException {
    ObjectNode event = next();
    while (!event.path("type").asText().equals(type)) {
      event = next();
    }
    return event;
  }

  /** Closes it as a client that is done does. */
  void goodbye() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
  }

  /** The code that the server closed it with. */
  int closeCode() throws InterruptedException {
    ServerFixture.await(() -> ended, "the socket's end");
    return closeCode;
  }

  boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        events.add(Json.read(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closeCode = code;
      ended = true;
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      ended = true;
    }
  }
}
