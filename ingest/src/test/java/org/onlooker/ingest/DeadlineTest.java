package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/** Servers that are silent, half-hearted, closed or unwilling. */
class DeadlineTest {
  private static final Limits SHORT =
      new Limits(Duration.ofMillis(700), Duration.ofMillis(700), Duration.ofSeconds(2));
  private static final long LATE_MILLIS_MAX = 1_000;

  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtsp", "http", "https", "rtsps"})
  void open_whenServerSaysNothing_timesOut(String scheme) throws Exception {
    assertTimesOut(scheme, "");
  }

  @ParameterizedTest
  @CsvSource({"rtsp, RTSP/1.0 200 OK\\r\\nCSeq: 1\\r\\nPub", "http, HTTP/1.1 200 OK\\r\\nConte"})
  void open_whenServerStopsInItsHeader_timesOut(String scheme, String text) throws Exception {
    assertTimesOut(scheme, text.replace("\\r\\n", "\r\n"));
  }

  @Test
  void open_whenServerStopsInTheFile_timesOut() throws Exception {
    assertTimesOut("http", "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n\0\0\0\30ftypisom");
  }

  private void assertTimesOut(String scheme, String text) throws Exception {
    int port = serve(text);
    FfmpegFrameSource source = source(scheme + "://user:secret@127.0.0.1:" + port + "/a", SHORT);
    long start = System.nanoTime();
    SourceException thrown = catchThrowableOfType(SourceException.class, source::open);
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertThat(thrown.error()).as(thrown.getMessage()).isEqualTo(SourceError.TIMEOUT);
    assertThat(thrown.getMessage()).contains("127.0.0.1").doesNotContain("secret");
    assertThat(millis).isLessThan(SHORT.open().toMillis() + LATE_MILLIS_MAX);
  }

  @Test
  void open_withUsualLimits_givesUpAfterFiveSeconds() throws Exception {
    FfmpegFrameSource source = source("rtsp://127.0.0.1:" + serve("") + "/a", Limits.RTSP);
    long start = System.nanoTime();
    SourceException thrown = catchThrowableOfType(SourceException.class, source::open);
    assertThat(thrown.error()).isEqualTo(SourceError.TIMEOUT);
    assertThat((System.nanoTime() - start) / 1_000_000).isBetween(4_000L, 6_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtsp", "http"})
  void close_whileOpening_endsItAtOnce(String scheme) throws Exception {
    CountDownLatch accepted = new CountDownLatch(1);
    int port = serve("", accepted);
    Limits patient =
        new Limits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));
    FfmpegFrameSource source = source(scheme + "://127.0.0.1:" + port + "/a", patient);
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<SourceException> opening =
          executor.submit(() -> catchThrowableOfType(SourceException.class, source::open));
      assertThat(accepted.await(10, TimeUnit.SECONDS)).isTrue();
      source.close();
      assertThat(opening.get(1, TimeUnit.SECONDS).error()).isEqualTo(SourceError.ENDED);
    }
  }

  @Test
  void open_whenNobodyListens_saysConnection() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    assertThat(errorOf("rtsp://127.0.0.1:" + port + "/a")).isEqualTo(SourceError.CONNECTION);
    assertThat(errorOf("http://127.0.0.1:" + port + "/a")).isEqualTo(SourceError.CONNECTION);
  }

  @ParameterizedTest
  @CsvSource({"401, AUTH", "403, AUTH", "404, NOT_FOUND", "500, CONNECTION"})
  void open_whenHttpServerAnswersWithAnError_saysWhich(int status, SourceError expected)
      throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    opened.add(() -> server.stop(0));
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    });
    server.start();
    assertThat(errorOf("http://127.0.0.1:" + server.getAddress().getPort() + "/a.mp4"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"401 Unauthorized, AUTH", "404 Not Found, NOT_FOUND"})
  void open_whenRtspServerAnswersWithAnError_saysWhich(String status, SourceError expected)
      throws Exception {
    int port = serve("RTSP/1.0 " + status + "\r\nCSeq: 1\r\n\r\n");
    assertThat(errorOf("rtsp://127.0.0.1:" + port + "/a")).isEqualTo(expected);
  }

  @Test
  void open_whenServerSpeaksNoTls_saysTls() throws Exception {
    int port = serve("HTTP/1.1 400 Bad Request\r\n\r\n");
    assertThat(errorOf("https://127.0.0.1:" + port + "/a")).isEqualTo(SourceError.TLS);
  }

  @Test
  void open_whenServerSendsNoVideo_saysBroken() throws Exception {
    int port = serve("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world");
    assertThat(errorOf("http://127.0.0.1:" + port + "/a")).isEqualTo(SourceError.BROKEN);
  }

  @Test
  void open_ofHostThatDoesNotExist_saysConnection() throws Exception {
    assertThat(errorOf("rtsp://camera.invalid/a")).isEqualTo(SourceError.CONNECTION);
  }

  private SourceError errorOf(String url) throws Exception {
    Limits limits = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    return catchThrowableOfType(SourceException.class, source(url, limits)::open)
        .error();
  }

  private FfmpegFrameSource source(String url, Limits limits) {
    SourceAddress address =
        url.startsWith("rtsp") ? SourceCatalog.rtsp(url) : SourceCatalog.http(url);
    FfmpegFrameSource source = new FfmpegFrameSource(
        address.withLimits(limits), new Pictures(Sources.SMALL), 2, Sources.FIXED);
    opened.add(source);
    return source;
  }

  private int serve(String text) throws IOException {
    return serve(text, new CountDownLatch(1));
  }

  /** Accepts, reads a little, sends {@code text} and then holds the connection. */
  private int serve(String text, CountDownLatch accepted) throws IOException {
    ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    opened.add(server);
    Thread.ofVirtual().start(() -> {
      try {
        while (true) {
          Socket socket = server.accept();
          opened.add(socket);
          accepted.countDown();
          if (!text.isEmpty()) {
            socket.getInputStream().read(new byte[1024]);
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
          }
        }
      } catch (IOException e) {
        // the test closed the server
      }
    });
    return server.getLocalPort();
  }
}
