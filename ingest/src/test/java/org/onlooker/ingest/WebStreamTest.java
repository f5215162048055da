package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.SourceInfo;

/** Web streams as cameras and servers send them: MP4, JPEGs in a row, a playlist that moves on. */
class WebStreamTest {
  @TempDir
  Path folder;

  private final CountDownLatch ended = new CountDownLatch(1);
  private ExecutorService threads;
  private HttpServer server;

  @BeforeEach
  void startServer() throws IOException {
    threads = Executors.newVirtualThreadPerTaskExecutor();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stopServer() {
    ended.countDown();
    server.stop(0);
    threads.close();
  }

  private FrameSource source(String path, double fps) throws Exception {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + path;
    return new SourceCatalog(List.of(), Sources.SMALL, InstantSource.system())
        .create(Sources.fast(url, fps));
  }

  @Test
  void mp4_isARecording() throws Exception {
    Path file = folder.resolve("web.mp4");
    FfmpegProgram.run(
        "-i " + FfmpegProgram.clip(folder, 2) + " -c copy -movflags +faststart", file);
    byte[] clip = Files.readAllBytes(file);
    server.createContext("/clip.mp4", exchange -> send(exchange, "video/mp4", clip));
    try (FrameSource source = source("/clip.mp4", 2)) {
      assertThat(source.open().live()).isFalse();
      for (int i = 0; i < 4; i++) {
        assertThat(source.next()).isPresent();
      }
      assertThat(source.next()).isEmpty();
    }
  }

  @Test
  void jpegsInARow_areLiveAndTimedByTheirArrival() throws Exception {
    Path picture = folder.resolve("picture.jpg");
    FfmpegProgram.run("-f lavfi -i color=red:size=320x240 -frames:v 1 -update 1", picture);
    byte[] jpeg = Files.readAllBytes(picture);
    server.createContext("/mjpeg", exchange -> sendJpegs(exchange, jpeg));
    try (FrameSource source = source("/mjpeg", 5)) {
      SourceInfo info = source.open();
      assertThat(info.live()).isTrue();
      assertThat(info.codec()).isEqualTo("mjpeg");
      // pictures that came while the stream was opened are read in one go
      assertThat(source.next()).isPresent();
      Frame first = source.next().orElseThrow();
      Frame last = first;
      for (int i = 0; i < 6; i++) {
        last = source.next().orElseThrow();
      }
      double media = last.pts().seconds() - first.pts().seconds();
      double wall = Duration.between(first.wallTime(), last.wallTime()).toMillis() / 1e3;
      assertThat(media).isGreaterThan(1).isCloseTo(wall, Offset.offset(0.4));
    }
  }

  @Test
  void movingPlaylist_isLive() throws Exception {
    Path clip = FfmpegProgram.clip(folder, 8);
    FfmpegProgram.run(
        "-i " + clip + " -c copy -f hls -hls_time 1 -hls_list_size 0", folder.resolve("all.m3u8"));
    long start = System.nanoTime();
    server.createContext("/", exchange -> {
      String name = exchange.getRequestURI().getPath().substring(1);
      if (name.equals("live.m3u8")) {
        long newest = Math.min(7, 3 + (System.nanoTime() - start) / 1_000_000_000);
        send(exchange, "application/vnd.apple.mpegurl", playlist(newest));
      } else {
        send(exchange, "video/mp2t", Files.readAllBytes(folder.resolve(name)));
      }
    });
    try (FrameSource source = source("/live.m3u8", 2)) {
      assertThat(source.open().live()).isTrue();
      Frame first = source.next().orElseThrow();
      Frame last = first;
      for (int i = 0; i < 5; i++) {
        last = source.next().orElseThrow();
      }
      assertThat(last.pts().seconds() - first.pts().seconds()).isCloseTo(2.5, Offset.offset(0.1));
    }
  }

  private static byte[] playlist(long newest) {
    StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n")
        .append("#EXT-X-MEDIA-SEQUENCE:")
        .append(newest - 2)
        .append('\n');
    for (long i = newest - 2; i <= newest; i++) {
      text.append("#EXTINF:1.0,\nall").append(i).append(".ts\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void sendJpegs(HttpExchange exchange, byte[] jpeg) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "multipart/x-mixed-replace; boundary=part");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      while (!ended.await(100, TimeUnit.MILLISECONDS)) {
        String head = "--part\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length;
        out.write((head + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        out.write(jpeg);
        out.write("\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, String type, byte[] bytes) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
