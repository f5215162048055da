package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.Conversation;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Pace;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamStatus;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import org.onlooker.testing.Await;

/** Backups of a server that watches, restored into one that runs, by the command line's verbs. */
@Timeout(300)
class BackupTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final StreamId CAM = new StreamId("cam");

  @TempDir
  private Path folder;

  private App app;

  @BeforeEach
  void start() throws Exception {
    Files.copy(ROOT.resolve("testdata/demo/stream.mp4"), folder.resolve("film.mp4"));
    app = App.start(TinyConfig.of(folder, Optional.empty(), Map.of()));
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void restore_removedStream_isAsAtTheBackupAndWatchedOn() throws Exception {
    watch();
    awaitClips(2);
    app.streams().remove(CAM, false); // completes its segment, and leaves a gap
    watch();
    awaitClips(4);
    assertThat(run("ask", "cam", "What is there?", "--conversation", "tea").exit())
        .isZero();

    CommandRun made = run("backup", "monday");
    assertThat(made.out()).isEqualTo("made " + backup() + "\n");
    long during = stored();
    awaitClips(during + 2);
    assertThat(run("streams", "rm", "cam", "--memory").exit()).isZero();
    assertThat(run("restore").out()).isEqualTo("monday\n");
    assertThat(run("restore", "monday").out()).isEqualTo("brought back cam\n");

    awaitClips(during + 2);
    assertThat(run("ask", "cam", "What was there?").exit()).isZero();
    app.close();
    try (RocksMemoryStore then = open(backup().resolve("memory"));
        RocksMemoryStore now = open(folder.resolve("data/memory"))) {
      assertSame(then, now);
    }
    assertThat(files("data/segments/cam")).containsAll(files("data/backups/monday/segments/cam"));
    assertThat(files("data/backups/monday/segments/cam")).isNotEmpty();
  }

  @Test
  void backup_andRestore_refuseWithTheServersReason() throws Exception {
    assertThat(run("restore").out()).startsWith("no backups; make one with");
    assertThat(run("restore", "monday").err())
        .isEqualTo("onlooker: there is no backup \"monday\"; there are: []\n");
    assertThat(run("backup", "Monday!").err()).contains("backup name \"Monday!\": use 1 to 64");
    watch();
    awaitClips(1);
    assertThat(run("backup", "monday").exit()).isZero();
    assertThat(run("backup", "monday").err())
        .isEqualTo("onlooker: backup \"monday\" exists; choose another name\n");
    assertThat(run("restore", "monday").err())
        .contains("every stream of backup \"monday\" is here already, or its memory is");
    assertThat(run("backup").out()).startsWith("made " + folder.resolve("data/backups"));
    assertThat(run("restore", "--json").out()).startsWith("{\"backups\":[\"2");
  }

  @Test
  void backup_whereNothingCanBeWritten_saysSoAndGoesOnWatching() throws Exception {
    watch();
    awaitClips(1);
    Files.writeString(folder.resolve("data/backups"), "a file");

    CommandRun outcome = run("backup", "monday");

    assertThat(outcome.exit()).isEqualTo(ExitCode.REFUSED.code);
    assertThat(outcome.err()).contains("backup \"monday\" cannot be made").contains("look at");
    awaitClips(stored() + 1);
  }

  @Test
  void start_afterACrashWhileABackupWasMade_removesWhatIsLeft() throws Exception {
    app.close();
    Path left = Files.createDirectories(folder.resolve("data/backups/.unfinished-monday/memory"));
    Files.writeString(left.resolve("000001.sst"), "half");
    app = App.start(TinyConfig.of(folder, Optional.empty(), Map.of()));
    assertThat(folder.resolve("data/backups")).isEmptyDirectory();
  }

  private void watch() throws Exception {
    String film = folder.resolve("film.mp4").toString();
    app.streams().add(new StreamSpec(CAM, film, 2, Optional.empty(), Pace.REALTIME, true));
  }

  private Path backup() {
    return folder.resolve("data/backups/monday");
  }

  private long stored() {
    return app.streams()
        .status(CAM)
        .flatMap(StreamStatus::storedThrough)
        .map(end -> (long) end.seconds())
        .orElse(0L);
  }

  private void awaitClips(long seconds) {
    Await.until(seconds + " seconds are stored", PATIENCE, () -> stored() >= seconds);
  }

  private RocksMemoryStore open(Path memory) {
    return RocksMemoryStore.open(memory, folder.resolve("data/native"), RocksOptions.defaults());
  }

  /** What is stored then is stored now, value by value; more may have come. */
  private static void assertSame(RocksMemoryStore then, RocksMemoryStore now) {
    List<ClipEntry> clips = then.entries(CAM, Span.ALL);
    assertThat(clips).hasSizeGreaterThan(2);
    assertThat(now.streams()).isEqualTo(then.streams());
    assertThat(now.nextSequence(CAM)).isGreaterThan(then.nextSequence(CAM));
    assertThat(now.gaps(CAM, Span.ALL)).containsAll(then.gaps(CAM, Span.ALL));
    for (ClipEntry clip : clips) {
      assertThat(now.entry(clip.key()).orElseThrow()).usingRecursiveComparison().isEqualTo(clip);
      assertThat(block(now, clip)).isEqualTo(block(then, clip));
      assertThat(now.tokens(clip.key()))
          .usingRecursiveComparison()
          .isEqualTo(then.tokens(clip.key()));
      assertThat(now.keyMeans(clip.key()).orElseThrow())
          .isDeepEqualTo(then.keyMeans(clip.key()).orElseThrow());
      assertThat(now.thumbnail(clip.key()).orElseThrow().bytes())
          .isEqualTo(then.thumbnail(clip.key()).orElseThrow().bytes());
    }
    List<Conversation> talks = then.conversations().list(CAM);
    assertThat(talks).hasSize(1);
    assertThat(now.conversations().list(CAM)).isEqualTo(talks);
    assertThat(now.conversations().turns(talks.getFirst().id()))
        .isEqualTo(then.conversations().turns(talks.getFirst().id()));
  }

  private static List<Float> block(RocksMemoryStore store, ClipEntry clip) {
    try (KvBlock block = store.block(clip.key()).orElseThrow()) {
      List<Float> numbers = new ArrayList<>();
      for (float number : block.keys().toArray(ValueLayout.JAVA_FLOAT)) {
        numbers.add(number);
      }
      for (float number : block.values().toArray(ValueLayout.JAVA_FLOAT)) {
        numbers.add(number);
      }
      return numbers;
    }
  }

  /** Names and sizes. */
  private List<String> files(String below) throws Exception {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve(below))) {
      for (Path file : files.toList()) {
        found.add(file.getFileName() + " " + Files.size(file));
      }
    }
    return found;
  }

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server=" + app.address());
    return CommandRun.of(all.toArray(String[]::new));
  }
}
