package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, with a JDK and a Maven that only tell how they were called. */
class LauncherTest {
  private static final Path LAUNCHER = Path.of(System.getProperty("onlooker.root"), "onlooker");
  private static final int PATIENCE_SECONDS = 60;

  @TempDir
  private Path folder;

  private Path installation;
  private Path jdk;
  private final Map<String, String> environment = new HashMap<>();

  private record Outcome(int exit, String out, String err) {}

  @BeforeEach
  void setUp() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: no POSIX shell here");
    installation = folder.resolve("an installation");
    Files.createDirectories(installation.resolve("core/src/main"));
    Files.writeString(installation.resolve("pom.xml"), "<project/>");
    Files.writeString(installation.resolve("core/pom.xml"), "<project/>");
    Files.copy(LAUNCHER, installation.resolve("onlooker"), StandardCopyOption.COPY_ATTRIBUTES);
    jdk = folder.resolve("odd place/my jdk");
    fakeJdk(jdk, "25.0.1");
    environment.put("PATH", "/usr/bin:/bin");
    environment.put("HOME", folder.resolve("home").toString());
    environment.put("ONLOOKER_JAVA_HOME", jdk.toString());
  }

  @Test
  void script_isPlainShell() throws Exception {
    assertThat(run(List.of("/bin/sh", "-n", LAUNCHER.toString())).exit()).isZero();
  }

  @Test
  void serve_startsTheJarWithWhatTheLibrariesNeed() throws Exception {
    alreadyBuilt();

    Outcome outcome = run("serve", "--data", folder.resolve("my data").toString());

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines())
        .contains("-Xmx1g", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED")
        .containsSequence("--add-modules", "jdk.incubator.vector")
        .contains("-Donlooker.root=" + installation, "MALLOC_ARENA_MAX=2")
        .containsSequence(
            "-jar", installation.resolve("app/target/onlooker.jar").toString())
        .containsSequence("serve", "--data", folder.resolve("my data").toString())
        .anyMatch(line -> line.startsWith("-Djava.io.tmpdir=" + folder.resolve("my data/tmp/")));
  }

  @Test
  void serve_clearsTheTemporaryFoldersOfKilledProcesses() throws Exception {
    alreadyBuilt();
    Path left = Files.createDirectories(folder.resolve("data/tmp/999999999/leftover"));

    assertThat(run("serve", "--data=" + folder.resolve("data")).exit()).isZero();

    assertThat(left.getParent()).doesNotExist();
  }

  @Test
  void heap_followsTheEnvironment() throws Exception {
    alreadyBuilt();
    environment.put("ONLOOKER_HEAP", "3g");

    assertThat(run("serve").out().lines()).contains("-Xmx3g");
  }

  @Test
  void clientVerb_throughALinkFromAnotherFolder_keepsItsArguments() throws Exception {
    alreadyBuilt();
    Path link = Files.createSymbolicLink(folder.resolve("link"), installation.resolve("onlooker"));

    Outcome outcome = run(List.of(link.toString(), "ask", "demo", "What's \"that\" *?"));

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines())
        .containsSequence("ask", "demo", "What's \"that\" *?")
        .doesNotContain("jdk.incubator.vector");
  }

  @Test
  void bench_startsTheBenchmarks() throws Exception {
    alreadyBuilt();

    assertThat(run("bench", "decode", "--quick").out().lines())
        .containsSequence("org.onlooker.bench.BenchMain", "decode", "--quick");
  }

  @Test
  void jdk_namedButTooOld_isRefused() throws Exception {
    fakeJdk(jdk, "21.0.9");

    Outcome outcome = run("serve");

    assertThat(outcome.exit()).isEqualTo(ExitCode.NO_JDK.code);
    assertThat(outcome.err())
        .isEqualTo("onlooker: ONLOOKER_JAVA_HOME=" + jdk + " is not a JDK 25 or newer\n");
  }

  @Test
  void jdk_inTheUsualFoldersOfTheUser_isFound() throws Exception {
    alreadyBuilt();
    environment.remove("ONLOOKER_JAVA_HOME");
    onlyJdksFrom(99);
    fakeJdk(folder.resolve("home/.sdkman/candidates/java/99-tem"), "99.0.1");

    Outcome outcome = run("--version");

    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("--version");
  }

  @Test
  void jdk_nowhere_saysHowToGetOne() throws Exception {
    environment.remove("ONLOOKER_JAVA_HOME");
    onlyJdksFrom(99);

    Outcome outcome = run("demo");

    assertThat(outcome.exit()).isEqualTo(ExitCode.NO_JDK.code);
    assertThat(outcome.err())
        .contains("needs a JDK 99 or newer and found none")
        .contains("https://adoptium.net")
        .contains("ONLOOKER_JAVA_HOME");
  }

  @Test
  void build_runsOnceAndAgainWhenASourceChanges() throws Exception {
    fakeMaven(0);

    assertThat(run("--version").exit()).isZero();
    assertThat(mavenCalls()).hasSize(1).first().asString().contains("package");
    assertThat(run("--version").exit()).isZero();
    assertThat(mavenCalls()).hasSize(1);
    Path source = Files.writeString(installation.resolve("core/src/main/A.java"), "class A {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run("--version").exit()).isZero();
    assertThat(mavenCalls()).hasSize(2);
  }

  @Test
  void build_thatFails_showsTheLogAndExits() throws Exception {
    fakeMaven(1);

    Outcome outcome = run("--version");

    assertThat(outcome.exit()).isEqualTo(ExitCode.BUILD_FAILED.code);
    assertThat(outcome.err()).contains("maven says no").contains("the build failed");
    assertThat(installation.resolve(".onlooker/build.lock")).doesNotExist();
  }

  @Test
  void build_takesOverTheLockOfADeadProcess() throws Exception {
    fakeMaven(0);
    Path lock = Files.createDirectories(installation.resolve(".onlooker/build.lock"));
    Files.writeString(lock.resolve("pid"), "999999999\n");

    assertThat(run("--version").exit()).isZero();
  }

  @Test
  void test_runsTheWholeSuiteAndAddsUpItsReports() throws Exception {
    fakeMaven(0);
    Path reports = Files.createDirectories(installation.resolve("core/target/surefire-reports"));
    Path report = Files.writeString(
        reports.resolve("TEST-a.B.xml"),
        "<?xml version=\"1.0\"?>\n<testsuite name=\"a.B\" time=\"1\" tests=\"7\" errors=\"1\""
            + " skipped=\"2\" failures=\"1\">\n  <testcase name=\"x\"/>\n</testsuite>\n");
    Files.setLastModifiedTime(report, FileTime.from(Instant.now().plusSeconds(5)));

    Outcome outcome = run("test", "-Dtest=Some");

    assertThat(outcome.exit()).isZero();
    assertThat(mavenCalls()).first().asString().contains("verify -Dtest=Some");
    assertThat(outcome.out())
        .contains("onlooker: 7 tests in 1 classes: 3 passed, 1 failed, 1 errors, 2 skipped");
  }

  private void alreadyBuilt() throws IOException {
    for (String file :
        List.of("app/target/onlooker.jar", "bench/target/onlooker-bench.jar", ".onlooker/built")) {
      Path path = installation.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "");
      Files.setLastModifiedTime(path, FileTime.from(Instant.now().plusSeconds(2)));
    }
  }

  private void onlyJdksFrom(int version) throws IOException {
    Path script = installation.resolve("onlooker");
    String text = Files.readString(script);
    assertThat(text).contains("JAVA_NEEDED=25\n");
    Files.writeString(script, text.replace("JAVA_NEEDED=25\n", "JAVA_NEEDED=" + version + "\n"));
  }

  private void fakeJdk(Path home, String version) throws IOException {
    executable(
        home.resolve("bin/java"),
        "for a in \"$@\"; do echo \"$a\"; done; echo MALLOC_ARENA_MAX=$MALLOC_ARENA_MAX");
    executable(home.resolve("bin/javac"), "exit 1");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  private void fakeMaven(int exit) throws IOException {
    executable(
        folder.resolve("bin/mvn"),
        "echo \"$*\" >>'" + folder.resolve("calls") + "'; echo maven says no; [ " + exit
            + " = 0 ] || exit " + exit
            + "; mkdir -p app/target bench/target; : >app/target/onlooker.jar;"
            + " : >bench/target/onlooker-bench.jar");
    environment.put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
  }

  private List<String> mavenCalls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private static void executable(Path file, String script) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Outcome run(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(arguments));
    command.addFirst(installation.resolve("onlooker").toString());
    return run(command);
  }

  private Outcome run(List<String> command) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
