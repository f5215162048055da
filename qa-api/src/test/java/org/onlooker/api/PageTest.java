package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.testing.ScriptedModel;

class PageTest {
  private static final Pattern REFERENCE = Pattern.compile(
      "(?:(?:src|href)=|from |import )\"((?:/|\\.\\.?/)[a-z0-9/.-]+\\.(?:js|css|svg))\"");
  private static final int COMPONENT_LINES_MAX = 300;
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void page_andAllItRefersTo_areServed() throws Exception {
    HttpResponse<String> page = onlooker.get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    Set<String> seen = new HashSet<>();
    Map<URI, String> texts = new HashMap<>(Map.of(URI.create("/"), page.body()));

    while (!texts.isEmpty()) {
      URI place = texts.keySet().iterator().next();
      Matcher reference = REFERENCE.matcher(Objects.requireNonNull(texts.remove(place)));
      while (reference.find()) {
        String path = place.resolve(reference.group(1)).getPath();
        if (seen.add(path)) {
          String text = served(path);
          if (path.endsWith(".js")) {
            texts.put(URI.create(path), text);
          }
        }
      }
    }
    assertThat(seen)
        .contains(
            "/app.js", "/theme.js", "/styles/base.css", "/icon.svg", "/parts/live-picture.js");
  }

  /** The text of a file of the page, which is of the right type and short enough. */
  private String served(String path) throws Exception {
    HttpResponse<String> file = onlooker.get(path);
    assertThat(file.statusCode()).as(path).isEqualTo(200);
    assertThat(file.headers().firstValue("Content-Type").orElse(""))
        .as(path)
        .startsWith(type(path));
    if (!path.endsWith(".svg")) {
      assertThat(file.body().lines().count()).as(path).isLessThan(COMPONENT_LINES_MAX);
    }
    return file.body();
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de"})
  void messages_areServed(String language) throws Exception {
    HttpResponse<String> file = onlooker.get("/messages/" + language + ".json");

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(file.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=utf-8");
  }

  @Test
  void page_hasNothingInlineThatThePolicyForbids() throws Exception {
    String page = onlooker.get("/").body();

    assertThat(page).doesNotContainPattern("<script(?![^>]*src=)").doesNotContain("style=");
    assertThat(page).doesNotContainPattern("\\son[a-z]+=").doesNotContain("//cdn");
  }

  @Test
  void file_thatIsKnown_is304() throws Exception {
    HttpResponse<String> first = onlooker.get("/app.js");
    String tag = first.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> second =
        onlooker.send(HttpRequest.newBuilder(onlooker.uri("/app.js")).header("If-None-Match", tag));

    assertThat(first.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing.js",
        "/../Page.class",
        "/%2e%2e/secret.js",
        "/.hidden.js",
        "/org/onlooker/api/openapi.json",
        "/a//b.js",
        "/app.js/"
      })
  void file_thatIsNotOfThePage_is404(String path) throws Exception {
    assertThat(onlooker.get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void folder_isReadOnEveryRequestAndNotLeft(@TempDir Path temporary) throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("page"));
    Files.writeString(temporary.resolve("outside.js"), "secret");
    Files.writeString(folder.resolve("index.html"), "one");
    Settings settings =
        new Settings("127.0.0.1", 0, Set.of(), Set.of(), Optional.of(folder), "0.1.0-test");
    Parts parts = new Parts(
        onlooker.streams,
        onlooker.answerer,
        onlooker.search,
        onlooker.store,
        onlooker.segments,
        onlooker.live,
        onlooker.commentary,
        onlooker.backups,
        ScriptedModel.saying("").card(),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        InstantSource.system());
    try (ApiServer server = new ApiServer(settings, parts)) {
      URI page = URI.create("http://127.0.0.1:" + server.start() + "/");
      assertThat(onlooker.send(HttpRequest.newBuilder(page)).body()).isEqualTo("one");
      Files.writeString(folder.resolve("index.html"), "two");

      HttpResponse<String> reply = onlooker.send(HttpRequest.newBuilder(page));

      assertThat(reply.body()).isEqualTo("two");
      assertThat(reply.headers().firstValue("Cache-Control")).hasValue("no-store");
      assertThat(onlooker
              .send(HttpRequest.newBuilder(page.resolve("/%2e%2e/outside.js")))
              .statusCode())
          .isEqualTo(404);
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "js" -> "text/javascript";
      case "css" -> "text/css";
      default -> "image/svg+xml";
    };
  }
}
