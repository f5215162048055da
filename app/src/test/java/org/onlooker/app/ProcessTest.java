package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.memory.FolderLock;
import org.onlooker.testing.Await;

/** Onlooker as a process: how it starts, stops, and fails with one line and its own exit code. */
@Timeout(300)
class ProcessTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PACK =
      Path.of(System.getProperty("onlooker.root"), "testdata/packs/tiny-smolvlm");

  @TempDir
  private Path folder;

  @BeforeEach
  void setUp() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no POSIX shell here");
    Files.writeString(folder.resolve("onlooker.yml"), """
        memory: {freeSpaceFloorMegabytes: 1}
        streams:
          - {id: cam, source: "test:pattern"}
        """);
  }

  @Test
  void terminate_whileWatching_keepsTheClipsAndExitsInTime() throws Exception {
    double storedThrough;
    try (ProductProcess first = serve()) {
      Await.until("clips are stored", ProductProcess.PATIENCE, () -> storedThrough(first) > 0);
      storedThrough = storedThrough(first);
      long asked = System.nanoTime();
      first.terminate();

      assertThat(first.exit()).isEqualTo(ExitCode.TERMINATED.code);
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(10));
      assertThat(first.err()).isEmpty();
    }
    try (ProductProcess second = serve()) {
      assertThat(storedThrough(second)).isGreaterThanOrEqualTo(storedThrough);
    }
  }

  @Test
  void kill_afterAnAnswer_keepsItAsATurn() throws Exception {
    try (ProductProcess first = serve()) {
      Await.until("clips are stored", ProductProcess.PATIENCE, () -> storedThrough(first) > 0);
      CommandRun asked = CommandRun.of(
          "ask", "cam", "What is there?", "--conversation=tea", "--server=" + first.address());
      assertThat(asked.exit()).as(asked.err()).isZero();
      first.kill();
      first.exit();
    }
    try (ProductProcess second = serve()) {
      assertThat(second.get("/api/v1/conversations/tea"))
          .contains("\"turnCount\":1", "\"question\":\"What is there?\"");
    }
  }

  @Test
  void kill_whileWatching_leavesNothingInTheTemporaryFolder() throws Exception {
    try (ProductProcess product = serve()) {
      Await.until("clips are stored", ProductProcess.PATIENCE, () -> storedThrough(product) > 0);
      assertThat(product.arguments())
          .contains("-Djava.io.tmpdir=" + folder.resolve("data/tmp/" + product.pid()));
      assertThat(librariesInTemporaryFolder(product.pid())).isEmpty();
      String named = "(.*\\D)?" + product.pid() + "(\\D.*)?";
      product.kill();
      product.exit();

      try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
        assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.matches(named)))
            .isEmpty();
      }
      Path ofJvm = Path.of("/tmp/hsperfdata_" + System.getProperty("user.name"));
      assertThat(ofJvm.resolve("" + product.pid())).doesNotExist();
    }
    try (ProductProcess next = serve()) {
      next.address();
      try (Stream<Path> folders = Files.list(folder.resolve("data/tmp"))) {
        assertThat(folders.map(f -> f.getFileName().toString())).containsExactly("" + next.pid());
      }
    }
  }

  /** Native libraries that the process has mapped from outside its data folder. */
  private List<String> librariesInTemporaryFolder(long pid) throws IOException {
    Path maps = Path.of("/proc/" + pid + "/maps");
    assumeTrue(Files.isReadable(maps), "skipped: no /proc here");
    try (Stream<String> lines = Files.lines(maps)) {
      return lines
          .filter(line -> line.contains(" /tmp/") && !line.contains(folder.resolve("data") + "/"))
          .toList();
    }
  }

  @Test
  void demo_watchesTheBundledStreamAndSaysWhatToType() throws Exception {
    try (ProductProcess demo = ProductProcess.start(
        folder, "demo", "--port=0", "--data=" + folder.resolve("data"), "--model=" + PACK)) {
      demo.address();
      Await.until(
          "clips are stored",
          ProductProcess.PATIENCE,
          () -> demo.get("/api/v1/streams/demo").contains("storedThrough"));

      assertThat(demo.out()).contains("./onlooker ask demo \"What can you see now?\"");
      assertThat(demo.get("/api/v1/streams/demo")).contains("\"loop\":true");
      assertThat(folder.resolve("data/demo/memory")).isDirectory();
      demo.terminate();
      assertThat(demo.exit()).isEqualTo(ExitCode.TERMINATED.code);
      assertThat(demo.err()).isEmpty();
    }
  }

  @Test
  void start_portInUse_saysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          ExitCode.ADDRESS,
          "port " + taken.getLocalPort() + " of 127.0.0.1 is in use",
          "--port",
          "" + taken.getLocalPort());
    }
  }

  @Test
  void start_dataFolderLocked_saysByWhom() throws Exception {
    try (FolderLock lock = FolderLock.take(folder.resolve("data/memory"))) {
      assertThat(lock).isNotNull();
      assertRefused(
          ExitCode.DATA_FOLDER,
          "in use by process " + ProcessHandle.current().pid(),
          "--port",
          "0");
    }
  }

  @Test
  void start_missingModel_saysWhere() throws Exception {
    assertRefused(
        ExitCode.MODEL,
        folder.resolve("nowhere").toString(),
        "--port",
        "0",
        "--model",
        folder.resolve("nowhere").toString());
  }

  @Test
  void start_brokenModel_saysWhichFile() throws Exception {
    Path pack = Files.createDirectories(folder.resolve("pack/onnx")).getParent();
    try (Stream<Path> files = Files.walk(PACK)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, pack.resolve(PACK.relativize(file).toString()));
      }
    }
    Path graph;
    try (Stream<Path> graphs = Files.list(pack.resolve("onnx"))) {
      graph = graphs.filter(g -> g.toString().contains("decoder")).findFirst().orElseThrow();
    }
    byte[] half = Files.readAllBytes(graph);
    Files.write(graph, java.util.Arrays.copyOf(half, half.length / 2));

    assertRefused(
        ExitCode.MODEL, graph.getFileName().toString(), "--port", "0", "--model", pack.toString());
  }

  @Test
  void start_lowDisk_saysWhatToDo() throws Exception {
    Files.writeString(
        folder.resolve("onlooker.yml"), "memory: {freeSpaceFloorMegabytes: 1000000000}\n");

    assertRefused(ExitCode.LOW_DISK, "must stay free; make room", "--port", "0");
  }

  @Test
  void start_wrongConfiguration_namesItsLine() throws Exception {
    Files.writeString(folder.resolve("onlooker.yml"), "server:\n  prot: 1\n");

    assertRefused(ExitCode.BAD_CONFIG, "onlooker.yml:2: unknown key \"server.prot\"");
  }

  @Test
  void start_onAnAddressOfTheNetwork_isRefused() throws Exception {
    Files.writeString(folder.resolve("onlooker.yml"), "server: {host: 0.0.0.0}\n");

    assertRefused(ExitCode.BAD_CONFIG, "host 0.0.0.0 can be reached from other machines");
  }

  @Test
  void ask_withoutAServer_saysHowToStartOne() throws Exception {
    try (ProductProcess ask =
        ProductProcess.start(folder, "ask", "demo", "Hello?", "--server", "http://127.0.0.1:9")) {
      assertThat(ask.exit()).isEqualTo(ExitCode.UNREACHABLE.code);
      assertThat(ask.err())
          .isEqualTo("onlooker: cannot reach Onlooker at http://127.0.0.1:9: nothing answers there;"
              + " start it with ./onlooker demo or serve, or name another with --server");
    }
  }

  private void assertRefused(ExitCode exit, String message, String... arguments) throws Exception {
    try (ProductProcess product = serve(arguments)) {
      assertThat(product.exit()).as(product.err()).isEqualTo(exit.code);
      assertThat(product.err()).startsWith("onlooker: ").contains(message).doesNotContain("\n");
    }
  }

  private ProductProcess serve() throws IOException {
    return serve("--port", "0");
  }

  private ProductProcess serve(String... arguments) throws IOException {
    String[] all = Stream.concat(
            Stream.of(
                "serve",
                "--config=" + folder.resolve("onlooker.yml"),
                "--data=" + folder.resolve("data")),
            Stream.concat(
                Stream.of(arguments).anyMatch("--model"::equals)
                    ? Stream.of()
                    : Stream.of("--model", PACK.toString()),
                Stream.of(arguments)))
        .toArray(String[]::new);
    return ProductProcess.start(folder, all);
  }

  private static double storedThrough(ProductProcess product) {
    try {
      JsonNode stream = JSON.readTree(product.get("/api/v1/streams/cam"));
      return stream.path("storedThrough").asDouble(0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
