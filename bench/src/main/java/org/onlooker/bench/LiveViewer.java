package org.onlooker.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A player that reads the live picture of a stream, and how late it is told of it. */
final class LiveViewer implements WebSocket.Listener, AutoCloseable {
  private static final Pattern ARRIVED = Pattern.compile("\"arrivedAt\":\"([^\"]+)\"");
  private final Supplier<SocketTally> tally;
  private final AtomicLong bytes;
  private final WebSocket socket;

  /** @param bytes counts what comes */
  LiveViewer(HttpClient http, URI address, AtomicLong bytes, Supplier<SocketTally> tally) {
    this.tally = tally;
    this.bytes = bytes;
    this.socket = http.newWebSocketBuilder().buildAsync(address, this).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    Matcher arrived = ARRIVED.matcher(data);
    if (arrived.find()) {
      Duration delay = Duration.between(Instant.parse(arrived.group(1)), Instant.now());
      tally.get().delay(delay.toNanos() / 1e6);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    bytes.addAndGet(data.remaining());
    from.request(1);
    return null;
  }

  @Override
  public void close() {
    socket.abort();
  }
}
