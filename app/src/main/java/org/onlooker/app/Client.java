package org.onlooker.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.ConfigException;
import org.onlooker.app.config.Surroundings;
import picocli.CommandLine.Option;

/** Talks to a running server; also the options that say which. */
final class Client {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The server; else $ONLOOKER_SERVER, else the configured host and port.")
  private @Nullable String server;

  @Option(names = "--json", description = "Print the server's documents as they are.")
  private boolean json;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(CONNECT_PATIENCE).build();

  boolean printsJson() {
    return json;
  }

  JsonNode get(String path) throws Exception {
    return document(request(path).GET().build());
  }

  JsonNode delete(String path) throws Exception {
    return document(request(path).DELETE().build());
  }

  JsonNode post(String path, Map<String, ?> body) throws Exception {
    return document(posting(path, body).build());
  }

  JsonNode patch(String path, Map<String, ?> body) throws Exception {
    return document(sending("PATCH", path, body).build());
  }

  /** The reply as server-sent events; the caller closes it. */
  InputStream postForEvents(String path, Map<String, ?> body) throws Exception {
    HttpRequest request =
        posting(path, body).header("Accept", "text/event-stream").build();
    return open(request).body();
  }

  /** A file as it comes; the caller closes its body. */
  HttpResponse<InputStream> download(String path) throws Exception {
    return open(request(path).GET().build());
  }

  private HttpResponse<InputStream> open(HttpRequest request) throws Exception {
    HttpResponse<InputStream> response = send(request);
    if (response.statusCode() != 200) {
      try (InputStream in = response.body()) {
        throw refusal(response.statusCode(), read(in));
      }
    }
    return response;
  }

  private HttpRequest.Builder posting(String path, Map<String, ?> body)
      throws ClientException, ConfigException, JsonProcessingException {
    return sending("POST", path, body);
  }

  private HttpRequest.Builder sending(String method, String path, Map<String, ?> body)
      throws ClientException, ConfigException, JsonProcessingException {
    return request(path)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
  }

  private HttpRequest.Builder request(String path) throws ClientException, ConfigException {
    String address = address();
    try {
      return HttpRequest.newBuilder(URI.create(address + path));
    } catch (IllegalArgumentException e) {
      throw new ClientException(
          ExitCode.USAGE,
          "server address \"" + address + "\" is not one like http://127.0.0.1:7311");
    }
  }

  private String address() throws ConfigException {
    Surroundings surroundings = Surroundings.ofProcess();
    String named = Optional.ofNullable(server)
        .orElse(surroundings.environment().getOrDefault("ONLOOKER_SERVER", ""));
    if (named.isEmpty()) {
      Config config = Config.load(Optional.empty(), Map.of(), surroundings);
      return "http://" + config.server().host() + ":" + config.server().port();
    }
    return named.replaceAll("/+$", "");
  }

  private JsonNode document(HttpRequest request) throws Exception {
    HttpResponse<InputStream> response = send(request);
    try (InputStream in = response.body()) {
      String text = read(in);
      if (response.statusCode() >= 300) {
        throw refusal(response.statusCode(), text);
      }
      return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws Exception {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw unreachable(request, "nothing answers there");
    } catch (IOException e) {
      throw unreachable(request, e.toString());
    }
  }

  private static ClientException unreachable(HttpRequest request, String why) {
    URI uri = request.uri();
    return new ClientException(
        ExitCode.UNREACHABLE,
        "cannot reach Onlooker at " + uri.getScheme() + "://" + uri.getAuthority() + ": " + why
            + "; start it with ./onlooker demo or serve, or name another with --server");
  }

  private static String read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static ClientException refusal(int status, String body) {
    String message = "HTTP status " + status;
    try {
      message = JSON.readTree(body).path("error").path("message").asText(message);
    } catch (JsonProcessingException e) {
      message += " with a reply that is not JSON; is this an Onlooker server?";
    }
    return new ClientException(ExitCode.REFUSED, message);
  }
}
