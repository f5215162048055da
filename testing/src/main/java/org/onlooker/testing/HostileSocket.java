package org.onlooker.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket over which {@link HostileMessages} are sent, one by one. Each must get one reply: an
 * {@code error} or, where it is right by chance, what belongs to it.
 */
public final class HostileSocket implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BINARY = 10; // one in so many
  private static final int ERROR_CHARS_MAX = 1_000;
  private static final Pattern TYPE = Pattern.compile("\"type\":\"([a-z._]+)\"");
  private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+)}$");
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final Random random;
  private final long seed;
  private final HostileMessages messages;
  private final WebSocket socket;
  private long seq;
  private long errors;
  private long taken;

  /** Connects. */
  public HostileSocket(HttpClient http, URI address, String stream, long seed)
      throws InterruptedException {
    this.seed = seed;
    this.random = new Random(seed);
    this.messages = new HostileMessages(random, stream);
    this.socket = http.newWebSocketBuilder().buildAsync(address, new Listener()).join();
    expect("session.created", next("the first"));
  }

  /** Messages that were answered by an error. */
  public long errors() {
    return errors;
  }

  /** Messages that were right by chance. */
  public long taken() {
    return taken;
  }

  /**
   * Sends so many messages.
   *
   * @throws AssertionError with seed and message where one did not get its reply, and only that
   */
  public void send(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      String sent = sendOne();
      String shown = "seed " + seed + ", message " + (errors + taken) + ": " + clipped(sent);
      String reply = next(shown);
      if (type(reply).equals("error")) {
        check(!reply.contains("\"code\":\"internal\""), shown, reply);
        check(reply.length() < ERROR_CHARS_MAX, shown, reply);
        errors++;
      } else {
        check(!type(reply).startsWith("answer."), shown, reply);
        taken++;
        while (type(reply).equals("question.accepted") || type(reply).startsWith("answer.")) {
          if (type(reply).equals("answer.done")) {
            break;
          }
          reply = next(shown);
        }
      }
    }
    socket.sendText("{\"type\":\"ping\"}", true).join();
    expect("pong", next("ping"));
  }

  private String sendOne() {
    if (random.nextInt(BINARY) == 0) {
      byte[] bytes = messages.nextBytes();
      socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
      return bytes.length + " bytes";
    }
    String message = messages.next();
    socket.sendText(message, true).join();
    return message;
  }

  /** The next event that is no news of streams; none may be missing. */
  private String next(String shown) throws InterruptedException {
    while (true) {
      String event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no reply to " + shown);
      }
      Matcher number = SEQ.matcher(event);
      check(number.find() && Long.parseLong(number.group(1)) == seq + 1, shown, event);
      seq++;
      if (!type(event).startsWith("stream.")) {
        return event;
      }
    }
  }

  private static String type(String event) {
    Matcher type = TYPE.matcher(event);
    return type.find() ? type.group(1) : event;
  }

  private static void expect(String type, String event) {
    check(type(event).equals(type), "wanted " + type, event);
  }

  private static void check(boolean holds, String sent, String reply) {
    if (!holds) {
      throw new AssertionError(sent + "\ngot " + clipped(reply));
    }
  }

  private static String clipped(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300);
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
        events.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      events.add("closed " + code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      events.add("closed by " + error);
    }
  }
}
