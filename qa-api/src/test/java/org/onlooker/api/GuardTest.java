package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.Refused;

class GuardTest {
  private static final String WEBSOCKET = String.join(
      "\r\n",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "");
  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:PORT",
        "localhost:PORT",
        "LocalHost:PORT",
        "[::1]:PORT",
        "127.1.2.3:PORT",
        "onlooker.example"
      })
  void host_ofThisMachineOrConfigured_isServed(String host) throws Exception {
    assertThat(raw("GET /health/live", "Host: " + host + "\r\n")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example:PORT",
        "127.0.0.1",
        "localhost:1",
        "localhost.evil:PORT",
        "127.0.0.1.evil.example:PORT",
        "onlooker.example:99",
        "[::2]:PORT",
        ""
      })
  void host_ofAnotherName_is403(String host) throws Exception {
    for (String request : new String[] {"GET /", "GET /api/v1/streams", "GET /metrics"}) {
      assertThat(raw(request, "Host: " + host + "\r\n"))
          .startsWith("HTTP/1.1 403")
          .contains("host_forbidden");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "http://localhost",
        "http://localhost:1",
        "https://localhost:PORT",
        "http://127.0.0.1:PORT.evil.example",
        ""
      })
  void origin_ofAnotherSite_is403AndNamed(String origin) throws Exception {
    String headers = "Host: localhost:PORT\r\nOrigin: " + origin + "\r\n";

    for (String extra : new String[] {"", WEBSOCKET}) {
      String path = extra.isEmpty() ? "/api/v1/streams" : "/api/v1/ws";
      String reply = raw("GET " + path, headers + extra);
      assertThat(reply).startsWith("HTTP/1.1 403").contains("origin_forbidden");
      assertThat(reply).contains("origin \\\"" + port(origin) + "\\\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:PORT", "https://onlooker.example"})
  void origin_ofTheOwnPageOrConfigured_isServed(String origin) throws Exception {
    String headers = "Host: localhost:PORT\r\nOrigin: " + origin + "\r\n";

    assertThat(raw("GET /api/v1/streams", headers)).startsWith("HTTP/1.1 200");
    assertThat(raw("GET /api/v1/ws", headers + WEBSOCKET)).startsWith("HTTP/1.1 101");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: application/jsonp\r\n"
      })
  void change_withoutJsonContentType_is415(String contentType) throws Exception {
    for (String path : new String[] {"/api/v1/streams", "/api/v1/questions"}) {
      assertThat(raw("POST " + path, "Host: localhost:PORT\r\nContent-Length: 0\r\n" + contentType))
          .startsWith("HTTP/1.1 415")
          .contains("application/json");
    }
  }

  @Test
  void replies_carryTheSafetyHeadersAndNoCors() throws Exception {
    for (String path : new String[] {"/", "/api/v1/streams", "/nothing", "/metrics"}) {
      HttpResponse<String> reply = onlooker.get(path);

      assertThat(reply.headers().firstValue("Content-Security-Policy"))
          .get()
          .asString()
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'");
      assertThat(reply.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(reply.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(reply.headers().map().keySet())
          .noneMatch(name -> name.startsWith("access-control"));
    }
  }

  @Test
  void preflight_isRefused() throws Exception {
    HttpResponse<String> reply =
        onlooker.send(HttpRequest.newBuilder(onlooker.uri("/api/v1/streams"))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", "https://evil.example"));

    assertThat(reply.statusCode()).isEqualTo(403);
  }

  @Test
  void method_thatAPathDoesNotHave_is405WithThoseItHas() throws Exception {
    HttpResponse<String> reply = onlooker.delete("/api/v1/streams");

    assertThat(reply.statusCode()).isEqualTo(405);
    assertThat(reply.headers().firstValue("Allow")).hasValue("GET, POST");
    assertThat(onlooker.delete("/api/v1/questions").headers().firstValue("Allow"))
        .hasValue("POST");
  }

  @Test
  void path_thatDoesNotExist_is404AsJson() throws Exception {
    HttpResponse<String> reply = onlooker.get("/api/v1/nothing");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7", "8.8.8.8"})
  void bind_beyondLoopback_isRefusedWithAdvice(String host) {
    Settings settings = new Settings(host, 0, Set.of(), Set.of(), Optional.empty(), "0.1.0-test");

    assertThatThrownBy(() -> ApiServer.check(settings))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(host)
        .hasMessageContaining("127.0.0.1");
    assertThatThrownBy(() -> new ApiServer(settings, parts()).start()).isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
  void bind_toLoopback_isAllowed(String host) throws Exception {
    ApiServer.check(new Settings(host, 0, Set.of(), Set.of(), Optional.empty(), "0.1.0-test"));
  }

  @Test
  void start_onTakenPort_saysSo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      try (ApiServer second =
          new ApiServer(Settings.local(taken.getLocalPort(), "0.1.0-test"), parts())) {
        assertThatThrownBy(second::start)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("port " + taken.getLocalPort())
            .hasMessageContaining("in use");
      }
    }
  }

  private Parts parts() {
    return new Parts(
        onlooker.streams,
        onlooker.answerer,
        onlooker.search,
        onlooker.store,
        onlooker.segments,
        onlooker.live,
        onlooker.commentary,
        onlooker.backups,
        org.onlooker.testing.ScriptedModel.saying("").card(),
        new io.micrometer.prometheusmetrics.PrometheusMeterRegistry(
            io.micrometer.prometheusmetrics.PrometheusConfig.DEFAULT),
        java.time.InstantSource.system());
  }

  private String port(String text) {
    return text.replace("PORT", Integer.toString(onlooker.port));
  }

  /** A request as written, because clients do not let a test choose Host; reads up to the body. */
  private String raw(String request, String headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), onlooker.port)) {
      socket.setSoTimeout((int) ServerFixture.PATIENCE.toMillis());
      String connection = headers.contains("Upgrade") ? "" : "Connection: close\r\n";
      socket
          .getOutputStream()
          .write((request + " HTTP/1.1\r\n" + port(headers) + connection + "\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      StringBuilder reply = new StringBuilder();
      byte[] buffer = new byte[8_192];
      while (!complete(reply.toString())) {
        int read = socket.getInputStream().read(buffer);
        if (read < 0) {
          break;
        }
        reply.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
      }
      return reply.toString();
    }
  }

  private static boolean complete(String reply) {
    int body = reply.indexOf("\r\n\r\n") + 4;
    Matcher length = CONTENT_LENGTH.matcher(reply);
    return body > 4
        && (reply.startsWith("HTTP/1.1 101")
            || (length.find() && reply.length() - body >= Integer.parseInt(length.group(1))));
  }
}
