package org.onlooker.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pace;
import org.onlooker.core.SourceException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.ingest.SourceCatalog;

/**
 * One player of {@code live.ws} that shows each picture as soon as it is decoded. The fragments go
 * through a web server on loopback to the product's own decoder, which thinks them a web stream.
 */
final class LiveView implements AutoCloseable {
  private static final byte[] END = {};
  private static final double FPS_MAX = 30;

  /**
   * A picture that was decoded.
   *
   * @param sinceJoinMillis from the player's request
   * @param delayMillis from when it was drawn
   */
  record Seen(double sinceJoinMillis, double delayMillis) {}

  private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer relay;
  private final URI live;

  /** @param live the address of the stream's {@code live.ws} */
  LiveView(URI live) throws IOException {
    this.live = live;
    relay = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    relay.setExecutor(threads);
    relay.createContext("/live.mp4", this::send);
    relay.start();
  }

  private void send(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "video/mp4");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (byte[] piece = pieces.take(); piece.length > 0; piece = pieces.take()) {
        out.write(piece);
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks for a while; pictures whose clock cannot be read are left out. */
  List<Seen> watch(HttpClient http, Duration time) throws SourceException {
    long joinedNanos = System.nanoTime();
    WebSocket socket =
        http.newWebSocketBuilder().buildAsync(live, new Receiver()).join();
    CompletableFuture<Void> end = CompletableFuture.runAsync(
        () -> {
          socket.abort();
          pieces.add(END);
        },
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
    List<Seen> seen = new ArrayList<>();
    try (FrameSource source = player()) {
      source.open();
      for (Optional<Frame> next = source.next(); next.isPresent(); next = source.next()) {
        long now = System.currentTimeMillis();
        double sinceJoin = (System.nanoTime() - joinedNanos) / 1e6;
        OptionalLong drawn = DrawnClock.millis(next.get().picture());
        drawn.ifPresent(millis -> seen.add(new Seen(sinceJoin, now - millis)));
      }
    }
    end.join();
    return seen;
  }

  private FrameSource player() throws SourceException {
    StreamSpec spec = new StreamSpec(
        new StreamId("player"),
        "http://127.0.0.1:" + relay.getAddress().getPort() + "/live.mp4",
        FPS_MAX,
        Optional.empty(),
        Pace.FAST,
        false);
    return new SourceCatalog(List.of(), DrawnClock.PICTURES, InstantSource.system()).create(spec);
  }

  /** Takes what the product sends. */
  private final class Receiver implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] piece = new byte[data.remaining()];
      data.get(piece);
      pieces.add(piece);
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  @Override
  public void close() {
    relay.stop(0);
    threads.shutdownNow();
  }
}
