package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamStatus;
import org.onlooker.testing.Await;

/** The verbs that talk to a running server, against one. */
@Timeout(120)
class ClientCommandsTest {
  @TempDir
  private Path folder;

  private Optional<App> running = Optional.empty();

  @BeforeEach
  void setUp() throws Exception {
    running = Optional.of(App.start(TinyConfig.of(folder, Optional.empty(), Map.of())));
  }

  @AfterEach
  void tearDown() {
    running.ifPresent(App::close);
  }

  @Test
  void streams_areAddedListedAndRemoved() {
    assertThat(run("streams").out()).contains("no streams; add one with");
    assertThat(run("streams", "add", "cam", "test:pattern", "--fps", "1").out()).startsWith("cam ");
    assertThat(run("streams").out()).startsWith("cam ").contains("test:pattern");
    assertThat(run("streams", "--json").out()).startsWith("{").contains("\"fps\":1");
    assertThat(run("streams", "rm", "cam", "--memory").out()).startsWith("removed, with its");
    assertThat(run("streams").out()).contains("no streams");
  }

  @Test
  void streams_areChanged() {
    run("streams", "add", "cam", "test:pattern", "--fps", "1");

    CommandRun changed = run("streams", "set", "cam", "--fps=2", "--prompt", "birds");
    CommandRun tried = run("streams", "set", "cam", "--source=test:pattern", "--dry-run");
    CommandRun nothing = run("streams", "set", "cam");

    assertThat(changed.out()).as(changed.err()).startsWith("cam ");
    assertThat(run("streams", "--json").out()).contains("\"fps\":2,\"prompt\":\"birds\"");
    assertThat(tried.out()).isEqualTo("the source opens\n");
    assertThat(nothing.exit()).isEqualTo(ExitCode.REFUSED.code);
    assertThat(nothing.err()).contains("give what is to change");
  }

  @Test
  void search_findsNothingWhereNothingIsRemembered() {
    run("streams", "add", "cam", "test:pattern");

    assertThat(run("search", "submarine", "--stream=cam", "--from=2 hours ago").out())
        .isEqualTo("nothing matched\n");
    assertThat(run("search", "submarine", "--json").out())
        .isEqualTo("{\"query\":\"submarine\",\"moments\":[]}\n");
    assertThat(run("search", "submarine", "--from=nightfall").exit())
        .isEqualTo(ExitCode.USAGE.code);
    assertThat(run("search", "submarine", "--stream=nobody").err())
        .isEqualTo("onlooker: there is no stream \"nobody\"\n");
    assertThat(run("search", " ").err()).contains("\"q\" is missing");
  }

  @Test
  void export_ofAWatchedFile_savesTheStretch() throws Exception {
    App app = running.orElseThrow();
    Path film = Files.copy(
        Path.of(System.getProperty("onlooker.root")).resolve("testdata/demo/stream.mp4"),
        folder.resolve("film.mp4"));
    run("streams", "add", "cam", film.toString());
    Await.until(
        "a clip is stored",
        Duration.ofSeconds(60),
        () -> app.streams()
            .status(new StreamId("cam"))
            .flatMap(StreamStatus::storedThrough)
            .isPresent());
    Path saved = folder.resolve("saved.mp4");

    CommandRun first = run("export", "cam", saved.toString(), "--from=0:01", "--to=0:03");
    CommandRun again = run("export", "cam", saved.toString(), "--from=1", "--to=3");
    CommandRun forced =
        run("export", "cam", saved.toString(), "--from=1", "--to=4", "--force", "--json");

    assertThat(first.out()).as(first.err()).contains("0:01 - 0:03 of cam, ");
    assertThat(again.exit()).isEqualTo(ExitCode.USAGE.code);
    assertThat(again.err()).contains("saved.mp4 exists").contains("--force");
    assertThat(forced.out()).contains("\"bytes\":" + Files.size(saved)).contains("\"end\":4");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".part"));
    }
  }

  @Test
  void export_ofWhatIsNotThere_saysSoAndLeavesNothing() {
    run("streams", "add", "cam", "test:pattern");
    Path saved = folder.resolve("saved.mp4");

    CommandRun unrecorded = run("export", "cam", saved.toString(), "--from=1", "--to=3");
    CommandRun nobody = run("export", "nobody", saved.toString(), "--from=1", "--to=3");
    CommandRun backwards = run("export", "cam", saved.toString(), "--from=3", "--to=1");
    CommandRun nowhere =
        run("export", "cam", folder.resolve("no/such/file.mp4").toString(), "--from=1", "--to=3");

    assertThat(unrecorded.exit()).isEqualTo(ExitCode.REFUSED.code);
    assertThat(unrecorded.err()).contains("nothing of \"cam\" is recorded from 1 to 3");
    assertThat(nobody.err()).contains("there is no stream \"nobody\"");
    assertThat(backwards.exit()).isEqualTo(ExitCode.USAGE.code);
    assertThat(nowhere.err()).contains("there is no folder");
    assertThat(saved).doesNotExist();
  }

  @Test
  void streamsAdd_ofAnExistingName_tellsTheServersReason() {
    run("streams", "add", "cam", "test:pattern");

    CommandRun outcome = run("streams", "add", "cam", "test:pattern");

    assertThat(outcome.exit()).isEqualTo(ExitCode.REFUSED.code);
    assertThat(outcome.err())
        .isEqualTo("onlooker: stream \"cam\" exists; remove it first or choose another id\n");
  }

  @Test
  void ask_printsTheAnswerThenItsProof() throws Exception {
    App app = running.orElseThrow();
    app.streams().add(StreamSpec.of("cam", "test:pattern"));
    Await.until(
        "a clip is stored",
        Duration.ofSeconds(60),
        () -> app.streams()
            .status(new StreamId("cam"))
            .flatMap(StreamStatus::storedThrough)
            .isPresent());

    CommandRun streamed = run("ask", "cam", "What can you see now?");
    CommandRun whole = run("ask", "cam", "What can you see now?", "--json", "--policy", "blind");

    assertThat(streamed.exit()).as(streamed.err()).isZero();
    assertThat(streamed.out()).containsPattern("\n  \\[\\d+:\\d\\d - \\d+:\\d\\d] at \\d\\d:");
    assertThat(whole.out()).startsWith("{\"id\":").contains("\"policy\":\"blind\"");
  }

  @Test
  void ask_inAConversation_namesIt() throws Exception {
    running.orElseThrow().streams().add(StreamSpec.of("cam", "test:pattern"));

    CommandRun named = run("ask", "cam", "What was there?", "--conversation", "tea");
    CommandRun begun = run("ask", "cam", "What was there?", "--conversation=new");
    CommandRun wrong = run("ask", "cam", "What was there?", "--conversation", "Tea!");

    assertThat(named.out()).endsWith("\n  conversation tea\n");
    assertThat(begun.out()).containsPattern("\n  conversation con-[0-9a-f]{32}\n");
    assertThat(wrong.exit()).isEqualTo(ExitCode.REFUSED.code);
    assertThat(wrong.err()).startsWith("onlooker: conversation id \"Tea!\": use 1 to 63 of");
  }

  @Test
  void ask_aboutAnUnknownStream_tellsTheServersReason() {
    CommandRun outcome = run("ask", "nowhere", "What can you see now?");

    assertThat(outcome.exit()).isEqualTo(ExitCode.REFUSED.code);
    assertThat(outcome.err()).isEqualTo("onlooker: no stream \"nowhere\"\n");
  }

  private CommandRun run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server=" + running.orElseThrow().address());
    return CommandRun.of(all.toArray(String[]::new));
  }
}
