package org.onlooker.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.Pace;
import org.onlooker.core.StreamSpec;

class ConfigTest {
  private static final int KEYS_MAX = 30;

  @TempDir
  private Path folder;

  @Test
  void load_withoutAFile_takesTheDefaults() throws ConfigException {
    Config config = load(Map.of(), Map.of());

    assertThat(config.server()).isEqualTo(server("127.0.0.1", 7311));
    assertThat(config.data()).isEqualTo(folder.resolve("home/.local/share/onlooker"));
    assertThat(config.log().file()).isEqualTo(config.data().resolve("logs/onlooker.log"));
    assertThat(config.model().pack()).isEqualTo(folder.resolve("opt/models/onlooker-mini"));
    assertThat(config.sources().fileRoots())
        .containsExactly(folder.resolve("home"), folder.resolve("here"));
    assertThat(config.streams()).isEmpty();
  }

  @Test
  void load_file_setsEveryKindOfKey() throws Exception {
    write("""
        server:
          port: 8080
          allowedHosts: [watch.example]
        data: store        # beside this file
        model: {device: cpu}
        log:
          level: debug
        memory:
          sync: true
        questions:
          secondsMax: 5
        sources:
          fileRoots: [~/videos, /srv/media]
        streams:
          - id: door
            source: rtsp://me:secret@10.0.0.7/live
            fps: 0.5
            prompt: parcels
          - id: film
            source: film.mp4
            pace: fast
            loop: true
        """);

    Config config = load(Map.of(), Map.of());

    assertThat(config.server().port()).isEqualTo(8080);
    assertThat(config.server().allowedHosts()).containsExactly("watch.example");
    assertThat(config.data()).isEqualTo(folder.resolve("here/store"));
    assertThat(config.model().device()).isEqualTo("cpu");
    assertThat(config.log().level()).isEqualTo("debug");
    assertThat(config.memory().sync()).isTrue();
    assertThat(config.questions().answerTimeMax()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.sources().fileRoots())
        .containsExactly(folder.resolve("home/videos"), Path.of("/srv/media"));
    assertThat(config.streams()).hasSize(2);
    StreamSpec door = config.streams().getFirst();
    assertThat(door.fps()).isEqualTo(0.5);
    assertThat(door.prompt()).contains("parcels");
    assertThat(config.streams().getLast().pace()).isEqualTo(Pace.FAST);
    assertThat(config.streams().getLast().loop()).isTrue();
    assertThat(String.join("\n", config.lines())).doesNotContain("secret").contains("***@10.0.0.7");
  }

  @Test
  void load_environmentOverridesFile_andCommandLineOverridesBoth() throws Exception {
    write("server: {port: 1, host: localhost}\nlog: {level: warn}\n");

    Config config = load(
        Map.of("ONLOOKER_SERVER_PORT", "2", "ONLOOKER_LOG_LEVEL", "error", "ONLOOKER_HEAP", "2g"),
        Map.of(Key.SERVER_PORT, "3"));

    assertThat(config.server()).isEqualTo(server("localhost", 3));
    assertThat(config.log().level()).isEqualTo("error");
  }

  @Test
  void load_namedFile_isTakenInsteadOfTheUsualOnes() throws Exception {
    write("server: {port: 1}\n");
    Path other = Files.writeString(folder.resolve("other.yml"), "server: {port: 2}\n");

    Config config = Config.load(Optional.of(other), Map.of(), surroundings(Map.of()));

    assertThat(config.server().port()).isEqualTo(2);
  }

  @Test
  void load_namedFileThatIsNotThere_isRefused() {
    Path missing = folder.resolve("missing.yml");

    assertThatThrownBy(() -> Config.load(Optional.of(missing), Map.of(), surroundings(Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessage(missing + ": there is no such configuration file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server:\\n  prot: 1|onlooker.yml:2: unknown key \"server.prot\"; did you mean"
            + " \"server.port\"?",
        "\\n\\nsever: {}|onlooker.yml:3: unknown key \"sever\"; did you mean",
        "stream: []|onlooker.yml:1: unknown key \"stream\"; did you mean \"streams\"?",
        "server:\\n  port: many|onlooker.yml:2: server.port is \"many\", must be a whole number"
            + " from 0 to 65535",
        "server:\\n  port: 70000|onlooker.yml:2: server.port is \"70000\", must be a whole number",
        "server:\\n  port: [1]|onlooker.yml:2: server.port must be a single value",
        "server: 5|onlooker.yml:1: server. must hold \"key: value\" lines",
        "data: a\\ndata: b|onlooker.yml:2: data is set again, first at onlooker.yml:1",
        "memory: {sync: perhaps}|onlooker.yml:1: memory.sync is \"perhaps\", must be one of",
        "streams:\\n  - id: a|onlooker.yml:2: this stream has no source",
        "streams:\\n  - {id: A b, source: x}|onlooker.yml:2: stream id \"A b\"",
        "streams:\\n  - {id: a, source: x, fps: 99}|onlooker.yml:2: fps is 99.0, must be between",
        "streams:\\n  - {id: a, source: x, fsp: 9}|onlooker.yml:2: unknown key \"fsp\"; did you"
            + " mean \"fps\"?",
        "streams:\\n  - {id: a, source: x}\\n  - {id: a, source: y}|onlooker.yml:3: stream \"a\""
            + " is there twice",
        "server: {port|onlooker.yml:",
      })
  void load_wrongFile_isRefusedWithItsLine(String text, String message) throws IOException {
    write(text.replace("\\n", "\n"));

    assertThatThrownBy(() -> load(Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void load_unknownVariable_isRefusedWithTheNearest() {
    assertThatThrownBy(() -> load(Map.of("ONLOOKER_SERVER_PROT", "1"), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("environment: unknown variable ONLOOKER_SERVER_PROT;"
            + " did you mean ONLOOKER_SERVER_PORT?");
  }

  @Test
  void variable_separatesTheWordsOfAKey() {
    assertThat(Key.MEMORY_FREE_SPACE_FLOOR.variable())
        .isEqualTo("ONLOOKER_MEMORY_FREE_SPACE_FLOOR_MEGABYTES");
  }

  @Test
  void keys_stayFew() {
    assertThat(Key.values()).hasSizeLessThanOrEqualTo(KEYS_MAX);
  }

  @Test
  void documentation_hasEveryKeyAsTheCodeHasIt() throws IOException {
    Path page = Path.of(System.getProperty("onlooker.root"), "docs/configuration.md");

    String table = Arrays.stream(Key.values())
        .map(key -> "| `" + key.path() + "` | "
            + (key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`") + " | "
            + key.unit() + " | " + key.reason() + " |\n")
        .collect(Collectors.joining());

    assertThat(Files.readString(page)).contains(table);
  }

  private static Config.Server server(String host, int port) {
    return new Config.Server(host, port, List.of(), List.of(), Optional.empty());
  }

  private void write(String text) throws IOException {
    Files.createDirectories(folder.resolve("here"));
    Files.writeString(folder.resolve("here/onlooker.yml"), text);
  }

  private Config load(Map<String, String> environment, Map<Key, String> options)
      throws ConfigException {
    return Config.load(Optional.empty(), options, surroundings(environment));
  }

  private Surroundings surroundings(Map<String, String> environment) {
    return new Surroundings(
        environment, folder.resolve("home"), folder.resolve("here"), folder.resolve("opt"));
  }
}
