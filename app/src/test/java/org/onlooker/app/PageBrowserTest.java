package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.app.config.Key;
import org.onlooker.ingest.FfmpegNatives;
import org.onlooker.testing.RtspServer;

/**
 * The page in a real browser, against the whole product with its real model; and its scripts
 * against their types. The tests themselves are in {@code web-ui/src/test/web}.
 */
class PageBrowserTest {
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  @TempDir
  private Path folder;

  private NodeTests node;

  @BeforeEach
  void setUp() throws Exception {
    node = new NodeTests(folder);
    node.needPackages();
  }

  @TestFactory
  Stream<DynamicTest> scripts() throws Exception {
    return node.of("types.test.mjs", Map.of());
  }

  @TestFactory
  Stream<DynamicTest> page() throws Exception {
    assumeTrue(
        Files.isExecutable(CHROMIUM), "skipped: no " + CHROMIUM + " here (apt install chromium)");
    Path film = folder.resolve("film.mp4");
    Files.copy(ROOT.resolve("testdata/demo/stream.mp4"), film);
    Map<Key, String> options = Map.of(
        Key.MODEL_PACK,
        ROOT.resolve("models/onlooker-mini").toString(),
        Key.SOURCES_FILE_ROOTS,
        folder.toString());
    try (App app = App.start(TinyConfig.of(folder, Optional.empty(), options))) {
      Map<String, String> environment = environment(app, film);
      return Stream.concat(
          node.of("page.test.mjs", environment), node.of("access.test.mjs", environment));
    }
  }

  private Map<String, String> environment(App app, Path film) throws Exception {
    Map<String, String> environment = new HashMap<>(Map.of(
        "ONLOOKER_ADDRESS",
        app.address(),
        "ONLOOKER_FILM",
        film.toString(),
        "ONLOOKER_CHROMIUM",
        CHROMIUM.toString(),
        "ONLOOKER_RTSP_SCRIPT",
        ROOT.resolve("testing/src/main/resources/org/onlooker/testing/rtsp_server.py")
            .toString()));
    String missing = RtspServer.missing();
    if (missing.isEmpty()) {
      environment.put("ONLOOKER_CAMERA_FILM", cameraFilm().toString());
    } else {
      environment.put("ONLOOKER_NO_CAMERA", missing);
    }
    return environment;
  }

  /** As cameras send it: H.264 without B-frames, a keyframe each second. */
  private Path cameraFilm() throws Exception {
    Path made = folder.resolve("camera.mp4");
    Process ffmpeg = new ProcessBuilder(
            FfmpegNatives.program(),
            "-v",
            "error",
            "-nostdin",
            "-f",
            "lavfi",
            "-i",
            "testsrc2=size=640x360:rate=25:duration=60",
            "-c:v",
            "libopenh264",
            "-b:v",
            "800k",
            "-g",
            "25",
            "-pix_fmt",
            "yuv420p",
            made.toString())
        .inheritIO()
        .start();
    assertThat(ffmpeg.waitFor()).isZero();
    return made;
  }
}
