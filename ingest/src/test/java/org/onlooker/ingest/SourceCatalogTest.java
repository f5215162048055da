package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.FrameSource;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

class SourceCatalogTest {
  @TempDir
  static Path clipFolder;

  private static Path made;

  @TempDir
  Path folder;

  private Path allowed;
  private Path clip;
  private SourceCatalog catalog;

  @BeforeAll
  static void makeClip() throws Exception {
    made = FfmpegProgram.clip(clipFolder, 1);
  }

  @BeforeEach
  void makeFolders() throws Exception {
    allowed = Files.createDirectory(folder.resolve("allowed"));
    clip = Files.copy(made, allowed.resolve("clip.mp4"));
    catalog = new SourceCatalog(
        List.of(allowed, folder.resolve("absent")), Sources.SMALL, InstantSource.system());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/a.mp4",
        "concat:a.mp4|b.mp4",
        "data:video/mp4;base64,AAAA",
        "pipe:0",
        "tcp://h:1",
        "udp://239.0.0.1:1234",
        "lavfi:testsrc",
        "subfile:,,start,0,end,9,,:/etc/passwd",
        "exec:ls",
        "rtmp://host/a",
        "srt://host:1",
        "crypto:/etc/passwd",
        "file+http://x",
        "test:other",
        "webcam:",
        "webcam:-1",
        "webcam:/dev/video0",
        "webcam:100",
        "rtsp:/host/a",
        "rtsp:///a",
        "http://@/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://2852039166/",
        "http://169.16689662/",
        "rtsp://user:pw@169.254.1.1:554/",
        "http://[fd00:ec2::254]/",
        "rtsp://host/\r\nEvil: 1",
        "file://otherhost/a.mp4",
        "file://",
        "/etc/passwd",
        "/dev/zero",
        "../../../../etc/hosts"
      })
  void create_whatIsNotListed_isRefused(String source) {
    SourceException thrown = failure(source);
    assertThat(thrown.error()).as(thrown.getMessage()).isEqualTo(SourceError.REFUSED);
    assertThat(thrown.getMessage()).doesNotContain("pw").hasSizeGreaterThan(20);
  }

  @Test
  void create_unknownScheme_saysWhatIsAllowed() {
    assertThat(failure("ftp://me:hush@host/a").getMessage())
        .contains("ftp", "rtsp://", "webcam:0", "test:pattern")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://192.168.1.10/stream",
        "RTSP://user:p@ss@camera:554/1?x=1",
        "rtsps://camera/1",
        "http://127.0.0.1:8080/live.m3u8",
        "https://[::1]/a.mp4",
        "webcam:0",
        "test:pattern"
      })
  void create_whatIsListed_doesNoInputOrOutput(String source) throws Exception {
    catalog.create(Sources.fast(source, 2)).close();
  }

  @Test
  void create_fileByPathUrlAndLinkBelowTheRoot_opens() throws Exception {
    Path link = Files.createSymbolicLink(allowed.resolve("link.mp4"), clip);
    for (String source : List.of(clip.toString(), clip.toUri().toString(), link.toString())) {
      try (FrameSource opened = catalog.create(Sources.fast(source, 2))) {
        assertThat(opened.open().codec()).isEqualTo("h264");
      }
    }
  }

  @Test
  void create_fileOfStrangeName_opens() throws Exception {
    Path strange = Files.copy(clip, allowed.resolve("50% a+b #1 %03d é.mp4"));
    for (String source : List.of(strange.toString(), strange.toUri().toString())) {
      try (FrameSource opened = catalog.create(Sources.fast(source, 2))) {
        assertThat(opened.open().width()).isEqualTo(640);
      }
    }
  }

  @Test
  void create_linkThatLeadsOutOfTheRoot_isRefused() throws Exception {
    Path outside = Files.copy(clip, folder.resolve("outside.mp4"));
    Path link = Files.createSymbolicLink(allowed.resolve("link.mp4"), outside);
    Path folderLink = Files.createSymbolicLink(allowed.resolve("up"), folder);
    assertThat(failure(link.toString()).error()).isEqualTo(SourceError.REFUSED);
    assertThat(failure(folderLink.resolve("outside.mp4").toString()).error())
        .isEqualTo(SourceError.REFUSED);
    assertThat(failure(allowed.resolve("../outside.mp4").toString()).error())
        .isEqualTo(SourceError.REFUSED);
  }

  @Test
  void create_absentFile_isNotFoundBelowTheRootAndRefusedElsewhere() {
    assertThat(failure(allowed.resolve("no.mp4").toString()).error())
        .isEqualTo(SourceError.NOT_FOUND);
    assertThat(failure(folder.resolve("no.mp4").toString()).error()).isEqualTo(SourceError.REFUSED);
  }

  @Test
  void create_folder_isRefused() {
    assertThat(failure(allowed.toString()).error()).isEqualTo(SourceError.REFUSED);
  }

  @Test
  void open_localPlaylist_reachesNothingElse() throws Exception {
    Path outside = transportStream(folder.resolve("outside.ts"));
    Path beside = transportStream(allowed.resolve("beside.ts"));
    for (String entry : List.of(
        outside.toString(),
        outside.toUri().toString(),
        "../outside.ts",
        beside.toString(),
        "file:///etc/passwd",
        "http://127.0.0.1:9/a.ts",
        "concat:" + outside)) {
      Path playlist = allowed.resolve("list.m3u8");
      Files.writeString(playlist, playlist(entry));
      assertGivesNothing(playlist.toString());
    }
  }

  @Test
  void open_localScript_reachesNothingElse() throws Exception {
    Path outside = transportStream(folder.resolve("outside.ts"));
    Path concat = allowed.resolve("a.ffconcat");
    Files.writeString(concat, "ffconcat version 1.0\nfile " + outside + "\n");
    assertGivesNothing(concat.toString());
    Files.writeString(concat, "ffconcat version 1.0\nfile clip.mp4\n");
    assertGivesNothing(concat.toString());
    Path sdp = allowed.resolve("a.sdp");
    Files.writeString(
        sdp,
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
            + "a=rtpmap:96 H264/90000\n");
    assertGivesNothing(sdp.toString());
  }

  @Test
  void open_playlistFromTheWeb_reachesNoFile() throws Exception {
    Path segment = transportStream(allowed.resolve("segment.ts"));
    for (String entry : List.of(
        segment.toUri().toString(),
        segment.toString(),
        "file:///etc/passwd",
        "concat:" + segment,
        "subfile:,,start,0,end,9999,,:" + segment)) {
      try (Web web = new Web(playlist(entry), segment)) {
        assertGivesNothing(web.url("list.m3u8"));
      }
    }
  }

  @Test
  void open_playlistFromTheWeb_givesItsSegments() throws Exception {
    Path segment = transportStream(folder.resolve("segment.ts"));
    try (Web web = new Web(playlist("segment.ts"), segment)) {
      FrameSource source = catalog.create(Sources.fast(web.url("list.m3u8"), 2));
      assertThat(Sources.frames(source)).hasSize(2);
    }
  }

  @Test
  void open_redirectToAFile_isNotFollowed() throws Exception {
    try (Web web = new Web("", clip)) {
      assertGivesNothing(web.url("redirect?to=" + clip.toUri()));
    }
  }

  private SourceException failure(String source) {
    return catchThrowableOfType(
        SourceException.class, () -> catalog.create(Sources.fast(source, 2)).close());
  }

  private void assertGivesNothing(String source) {
    SourceException thrown = catchThrowableOfType(
        SourceException.class, () -> Sources.frames(catalog.create(Sources.fast(source, 2))));
    assertThat(thrown).as(source).isNotNull();
    assertThat(thrown.getMessage()).doesNotContain("root:");
  }

  private static String playlist(String entry) {
    return "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n"
        + "#EXTINF:1.0,\n" + entry + "\n#EXT-X-ENDLIST\n";
  }

  private Path transportStream(Path file) throws IOException, InterruptedException {
    FfmpegProgram.run("-i " + clip + " -c copy", file);
    return file;
  }

  /** A web server with a playlist, a segment, and a redirect to wherever is asked for. */
  private static final class Web implements AutoCloseable {
    private final HttpServer server;

    Web(String playlist, Path segment) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      serve("/list.m3u8", playlist.getBytes(StandardCharsets.UTF_8));
      serve("/segment.ts", Files.readAllBytes(segment));
      server.createContext("/redirect", exchange -> {
        String to = exchange.getRequestURI().getQuery().substring("to=".length());
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
      });
      server.start();
    }

    private void serve(String path, byte[] bytes) {
      server.createContext(path, exchange -> {
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
      });
    }

    String url(String path) {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + path;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
