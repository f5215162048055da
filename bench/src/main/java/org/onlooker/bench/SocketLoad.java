package org.onlooker.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.onlooker.testing.RawWebSocket;

/**
 * Viewers of the live picture and askers, all over WebSockets, until it is closed. What happens in
 * a stretch of time is noted in its own tally.
 */
final class SocketLoad implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<LiveViewer> viewers = new ArrayList<>();
  private final List<SocketAsker> askers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<RawWebSocket> stalled = new ArrayList<>();
  private final AtomicLong liveBytes = new AtomicLong();
  private final URI server;
  private final List<String> streams;
  private volatile SocketTally tally = new SocketTally();

  /** @param server as {@code http://127.0.0.1:7311} */
  SocketLoad(String server, List<String> streams, List<String> questions, int count, Random random)
      throws IOException, InterruptedException {
    this.server = URI.create(server.replaceFirst("^http", "ws"));
    this.streams = streams;
    for (int i = 0; i < count; i++) {
      URI live = live(streams.get(i % streams.size()));
      viewers.add(new LiveViewer(http, live, liveBytes, () -> tally));
      SocketAsker asker = new SocketAsker(
          http,
          this.server.resolve("/api/v1/ws"),
          questions,
          streams,
          new Random(random.nextLong()),
          () -> tally);
      askers.add(asker);
      threads.add(Thread.ofPlatform().daemon().name("asker-" + i).start(asker));
    }
  }

  private URI live(String stream) {
    return server.resolve("/api/v1/streams/" + stream + "/live.ws");
  }

  /** Lets it go on for a while and tells what happened in it. */
  SocketTally measure(Duration time) throws InterruptedException {
    SocketTally noting = new SocketTally();
    tally = noting;
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    return noting;
  }

  long liveBytes() {
    return liveBytes.get();
  }

  /** Adds a player and an asker who subscribed to everything, neither of whom reads any more. */
  void addStalled() throws IOException {
    int port = server.getPort();
    stalled.add(new RawWebSocket(port, live(streams.getFirst()).getPath()));
    RawWebSocket asker = new RawWebSocket(port, "/api/v1/ws");
    stalled.add(asker);
    asker.readTo("session.created");
    asker.text("{\"type\":\"subscribe\",\"stream\":\"*\","
        + "\"kinds\":[\"stream.state\",\"stream.stats\",\"commentary\"]}");
    for (int i = 0; i < 1_000; i++) {
      asker.text("{\"type\":\"question.create\",\"id\":\"q" + i + "\",\"stream\":\""
          + streams.getFirst() + "\",\"text\":\"What?\"}");
    }
  }

  /** Ends the questions under way. */
  void finish() throws InterruptedException {
    askers.forEach(SocketAsker::stop);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() throws IOException {
    viewers.forEach(LiveViewer::close);
    for (RawWebSocket socket : stalled) {
      socket.close();
    }
    http.shutdownNow();
  }
}
