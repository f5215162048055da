package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

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
