package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.QuestionAnswerer;

/** {@code docs/client.mjs} as a stranger runs it, over a line that breaks in mid-answer. */
class ExampleClientTest {
  private static final Path CLIENT =
      Path.of(System.getProperty("onlooker.root"), "docs/client.mjs");
  private static final int ENOUGH = 100;

  @TempDir
  private Path folder;

  @Test
  void client_whoseLineBreaks_printsTheWholeAnswer() throws Exception {
    assumeTrue(hasNode(), "skipped: no node of version 20 or newer");
    Path out = folder.resolve("out.txt");
    try (ServerFixture onlooker = ServerFixture.gated(
                new QuestionAnswerer.Limits(1, 8, Duration.ofSeconds(60)))
            .watching("door");
        BreakingLine line = new BreakingLine(onlooker.port)) {
      Process client = new ProcessBuilder(
              "node",
              "--experimental-websocket", // what Node before 22 wants
              "--no-warnings",
              CLIENT.toString(),
              "ws://127.0.0.1:" + line.port() + "/api/v1/ws",
              "door",
              "What is there?")
          .redirectErrorStream(true)
          .redirectOutput(out.toFile())
          .start();
      try {
        awaitSaid(client, out, "door is running");
        onlooker.words.release(1);
        awaitSaid(client, out, "A ");
        line.cut();
        onlooker.words.release(ENOUGH);

        assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
      } finally {
        client.destroyForcibly();
      }
      assertThat(Files.readString(out).lines().toList())
          .containsExactly("door is running", ServerFixture.ANSWER);
      assertThat(client.exitValue()).isZero();
      assertThat(line.connections.get()).isEqualTo(2);
    }
  }

  private static boolean hasNode() throws InterruptedException {
    try {
      Process node = new ProcessBuilder("node", "--experimental-websocket", "--version")
          .redirectErrorStream(true)
          .start();
      String version = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return node.waitFor() == 0 && version.matches("(?s)v[2-9]\\d\\..*");
    } catch (IOException e) {
      return false;
    }
  }

  private static void awaitSaid(Process client, Path out, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); // a JVM compiles and starts
    while (!Files.readString(out).contains(text)) {
      assertThat(client.isAlive() && System.nanoTime() < deadline)
          .as(Files.readString(out))
          .isTrue();
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Carries connections to the server until it is cut; then new ones. */
  private static final class BreakingLine implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final int to;
    private volatile Socket client = new Socket();

    BreakingLine(int to) throws IOException {
      this.to = to;
      Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
      return listening.getLocalPort();
    }

    void cut() throws IOException {
      client.close();
    }

    private void accept() {
      try {
        while (true) {
          Socket near = listening.accept();
          Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
          client = near;
          connections.incrementAndGet();
          Thread.ofPlatform().daemon().start(() -> carry(far, near));
          Thread.ofPlatform().daemon().start(() -> carry(near, far));
        }
      } catch (IOException e) {
        // closed: the test is over
      }
    }

    /** The address in the request is the line's own; the server answers to its own only. */
    private void carry(Socket from, Socket into) {
      try (from;
          into) {
        InputStream in = from.getInputStream();
        OutputStream out = into.getOutputStream();
        byte[] buffer = new byte[8_192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
          out.write(text.replaceFirst("(?i)(host: 127.0.0.1:)" + port(), "$1" + to)
              .getBytes(StandardCharsets.ISO_8859_1));
        }
      } catch (IOException e) {
        // cut
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
      client.close();
    }
  }
}
