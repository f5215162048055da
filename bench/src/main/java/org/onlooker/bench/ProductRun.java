package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole product in a process of its own, as a user starts it, to be killed. What is asked of
 * one that is gone has no reply.
 */
final class ProductRun implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Pattern ADDRESS = Pattern.compile("Onlooker is at (http://\\S+)");
  private static final Duration REPLY_PATIENCE = Duration.ofSeconds(60);
  private static final long POLL_NANOS = 5_000_000;
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path out;
  private final Path err;
  private final HttpClient http = HttpClient.newHttpClient();
  private final long startNanos = System.nanoTime();
  private Optional<String> address = Optional.empty();

  private ProductRun(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts {@code ./onlooker serve} on a free port.
   *
   * @param root of the installation
   * @param data where it keeps everything
   * @param config its configuration file
   */
  static ProductRun start(Path root, Path data, Path config) throws IOException {
    Path folder = config.toAbsolutePath().getParent();
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder(List.of(
            root.resolve("onlooker").toString(),
            "serve",
            "--port=0",
            "--data=" + data,
            "--config=" + config))
        .directory(folder.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ONLOOKER_"));
    builder.environment().put("ONLOOKER_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("ONLOOKER_HEAP", "512m");
    return new ProductRun(builder.start(), out, err);
  }

  /**
   * Waits until it says where it is and that it is ready; false when it has ended instead.
   *
   * @throws IOException when it does neither in time: it hangs
   */
  boolean awaitReady() throws IOException {
    while (System.nanoTime() - startNanos < PATIENCE.toNanos()) {
      Matcher matcher = ADDRESS.matcher(Files.readString(out));
      if (matcher.find()) {
        address = Optional.of(matcher.group(1));
        if (get("/health/ready").isPresent()) {
          return true;
        }
      }
      if (!process.isAlive()) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new IOException("not ready after " + PATIENCE.toSeconds() + " s, and it has not ended");
  }

  /** As {@code http://127.0.0.1:7311}, once it is ready. */
  String address() {
    return address.orElseThrow();
  }

  /** Anonymous resident bytes; 0 where the system does not tell. */
  long rssAnonBytes() throws IOException {
    return Measures.rssAnon(Long.toString(process.pid()));
  }

  double millisSinceStart() {
    return (System.nanoTime() - startNanos) / 1e6;
  }

  /** The document at a path. */
  Optional<JsonNode> get(String path) {
    return send(HttpRequest.newBuilder(uri(path)), BodyHandlers.ofString()).flatMap(this::json);
  }

  Optional<byte[]> bytes(String path) {
    return send(HttpRequest.newBuilder(uri(path)), BodyHandlers.ofByteArray());
  }

  /** A completed answer. */
  Optional<JsonNode> ask(String stream, String question) {
    try {
      String body = JSON.writeValueAsString(Map.of("stream", stream, "question", question));
      HttpRequest.Builder request = HttpRequest.newBuilder(uri("/api/v1/questions"))
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(body));
      return send(request, BodyHandlers.ofString())
          .flatMap(this::json)
          .filter(answer -> answer.path("status").asText().equals("completed"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private URI uri(String path) {
    return URI.create(address.orElseThrow() + path);
  }

  private <T> Optional<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> reading) {
    try {
      HttpResponse<T> reply = http.send(request.timeout(REPLY_PATIENCE).build(), reading);
      return reply.statusCode() == OK ? Optional.of(reply.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<JsonNode> json(String text) {
    try {
      return Optional.of(JSON.readTree(text));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it as {@code kill -9} does; returns when it is gone. */
  void kill() throws IOException {
    process.destroyForcibly();
    exit();
  }

  /** Waits for its end and returns its exit code. */
  int exit() throws IOException {
    try {
      if (process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IOException("process " + process.pid() + " does not end; it said: " + said());
  }

  /** What it wrote to the console. */
  String said() throws IOException {
    return Files.readString(err).strip();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    http.close();
  }
}
