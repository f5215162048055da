package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's words: each language has all of them, and the scripts use what there is. */
class PageWordsTest {
  private static final Path PAGE =
      Path.of(System.getProperty("onlooker.root"), "web-ui/src/main/resources/web");

  /** A key in a script: a whole one, or one whose end is worked out. */
  private static final Pattern KEY = Pattern.compile("[\"`]([a-z]+\\.(?:[a-zA-Z]+|\\$\\{))");

  private static final Pattern PLURAL = Pattern.compile("\\.(?:one|other)$");
  private static final Pattern VALUE = Pattern.compile("\\{\\w+}");
  private static final String OPEN_END = "${";

  @ParameterizedTest
  @ValueSource(strings = {"de"})
  void language_hasTheWordsOfEnglish_withTheSameValues(String language) throws Exception {
    JsonNode english = messages("en");
    JsonNode other = messages(language);

    assertThat(keys(other)).isEqualTo(keys(english));
    for (String key : keys(english)) {
      assertThat(values(other.path(key).asText()))
          .as(key)
          .isEqualTo(values(english.path(key).asText()));
    }
  }

  @Test
  void scripts_useWordsThatThereAre_andAllOfThem() throws Exception {
    Set<String> known = keys(messages("en")).stream()
        .map(key -> PLURAL.matcher(key).replaceAll(""))
        .collect(Collectors.toCollection(TreeSet::new));
    Set<String> groups =
        known.stream().map(key -> key.substring(0, key.indexOf('.'))).collect(Collectors.toSet());
    Set<String> used = new TreeSet<>();
    for (Path script : scripts()) {
      Matcher key = KEY.matcher(Files.readString(script));
      while (key.find()) {
        if (groups.contains(key.group(1).substring(0, key.group(1).indexOf('.')))) {
          used.add(key.group(1));
        }
      }
    }
    Set<String> covered = known.stream()
        .filter(key ->
            used.contains(key) || used.contains(key.substring(0, key.indexOf('.') + 1) + OPEN_END))
        .collect(Collectors.toCollection(TreeSet::new));

    assertThat(used.stream().filter(key -> !key.endsWith(OPEN_END)))
        .as("used")
        .allMatch(key -> known.contains(key) || isEvent(key));
    assertThat(covered).as("of use").isEqualTo(known);
  }

  /** Names of the WebSocket's events look alike. */
  private static boolean isEvent(String key) {
    return List.of(
            "answer.delta", "answer.citation", "answer.done", "commentary.delta", "commentary.done")
        .contains(key);
  }

  private static JsonNode messages(String language) throws IOException {
    return new ObjectMapper()
        .readTree(PAGE.resolve("messages/" + language + ".json").toFile());
  }

  private static Set<String> keys(JsonNode messages) {
    Set<String> keys = new TreeSet<>();
    messages.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Set<String> values(String words) {
    return VALUE
        .matcher(words)
        .results()
        .map(result -> result.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(PAGE)) {
      return files.filter(file -> file.toString().endsWith(".js")).toList();
    }
  }
}
