package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that need no server. */
class LocalCommandsTest {
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final String PACK = ROOT.resolve("testdata/packs/tiny-smolvlm").toString();

  @TempDir
  private Path folder;

  @Test
  void doctor_onAWorkingMachine_findsAllWell() throws IOException {
    Path file =
        Files.writeString(folder.resolve("onlooker.yml"), "memory: {freeSpaceFloorMegabytes: 1}\n");

    CommandRun run = doctor(file, PACK);

    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.out().lines().filter(line -> line.startsWith("ok "))).hasSize(7);
    assertThat(run.out()).contains("decodes h264").endsWith("All is well.\n");
    try (Stream<Path> left = Files.list(folder.resolve("data"))) {
      assertThat(left).containsExactly(folder.resolve("data/native"));
    }
  }

  @Test
  void doctor_withoutAModel_saysWhatWillNotWork() throws IOException {
    Path file = Files.writeString(
        folder.resolve("onlooker.yml"), "memory: {freeSpaceFloorMegabytes: 1000000000}\n");

    CommandRun run = doctor(file, folder.resolve("nowhere").toString());

    assertThat(run.exit()).isEqualTo(ExitCode.DOCTOR.code);
    assertThat(run.out().lines().filter(line -> line.startsWith("FAIL ")))
        .anySatisfy(line -> assertThat(line).contains("model").contains("nowhere"))
        .anySatisfy(line -> assertThat(line).contains("data").contains("must stay free"))
        .hasSize(2);
  }

  @Test
  void noVerb_printsTheHelp() {
    CommandRun run = CommandRun.of();
    assertThat(run.exit()).isEqualTo(ExitCode.USAGE.code);
    assertThat(run.err()).contains("onlooker demo").contains("Exit codes:");
  }

  @Test
  void unknownVerb_namesItAndThoseThereAre() {
    assertThat(CommandRun.of("watch").err())
        .startsWith("onlooker: there is no \"watch\"; there are demo, serve, run, ask")
        .endsWith("(see onlooker --help)\n");
    assertThat(CommandRun.of("streams", "delete").err()).contains("there are add, set, rm");
    assertThat(CommandRun.of("serve", "--prot=1").err()).contains("--prot");
  }

  private CommandRun doctor(Path file, String pack) {
    return CommandRun.of(
        "doctor",
        "--config=" + file,
        "--data=" + folder.resolve("data"),
        "--port=0",
        "--device=cpu",
        "--model=" + pack);
  }

  @Test
  void configCheck_printsWhatHolds_orTheWrongLine() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yml"), "server: {port: 8080}\n");

    assertThat(CommandRun.of("config", "check", "--config=" + file).out())
        .contains("server.port = 8080\n");
    Files.writeString(file, "server: {prot: 8080}\n");
    CommandRun wrong = CommandRun.of("config", "check", "--config=" + file);
    assertThat(wrong.exit()).isEqualTo(ExitCode.BAD_CONFIG.code);
    assertThat(wrong.err()).startsWith("onlooker: a.yml:1: unknown key \"server.prot\"");
  }

  @Test
  void version_namesTheLibraries() {
    assertThat(CommandRun.of("--version").out())
        .startsWith("onlooker ")
        .contains("\nFFmpeg 8", "\nONNX Runtime 1", "\nRocksDB 11", "\nLucene 10")
        .contains("\nJDK " + Runtime.version());
  }

  @Test
  void help_listsTheVerbsAndExitCodes() {
    assertThat(CommandRun.of("--help").out())
        .contains("demo", "serve", "ask", "streams", "doctor", "config", "test", "bench NAME")
        .contains("143   stopped by SIGTERM");
  }

  @Test
  void verb_thatDoesNotExist_isToldInOneLine() {
    CommandRun run = CommandRun.of("frobnicate");

    assertThat(run.exit()).isEqualTo(ExitCode.USAGE.code);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains("frobnicate");
  }
}
