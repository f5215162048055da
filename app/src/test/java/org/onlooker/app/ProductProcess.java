package org.onlooker.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.onlooker.testing.Await;

/**
 * The real product as a child process, started by the real launcher: an installation whose jar
 * points to the classes under test.
 */
final class ProductProcess implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final Pattern ADDRESS = Pattern.compile("Onlooker is at (http://\\S+)");

  private final Process process;
  private final Path out;
  private final Path err;

  private ProductProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts {@code ./onlooker} with these arguments; {@code folder} holds the installation. */
  static ProductProcess start(Path folder, String... arguments) throws IOException {
    Path installation = install(folder.resolve("installation"));
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addFirst(installation.resolve("onlooker").toString());
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("ONLOOKER_"));
    builder.environment().put("ONLOOKER_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("ONLOOKER_HEAP", "512m");
    builder.environment().put("HOME", folder.toString());
    return new ProductProcess(builder.start(), out, err);
  }

  private static Path install(Path installation) throws IOException {
    if (Files.exists(installation)) {
      return installation;
    }
    Path jar = installation.resolve("app/target/onlooker.jar");
    Files.createDirectories(jar.getParent());
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, Main.class.getName());
    attributes.put(Attributes.Name.CLASS_PATH, classPath());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    Path bench = installation.resolve("bench/target/onlooker-bench.jar");
    Files.createDirectories(bench.getParent());
    Files.copy(jar, bench);
    Files.createDirectories(installation.resolve("core/src/main"));
    Files.writeString(installation.resolve("pom.xml"), "<project/>");
    Files.copy(installation.resolve("pom.xml"), installation.resolve("core/pom.xml"));
    Files.copy(
        ROOT.resolve("onlooker"),
        installation.resolve("onlooker"),
        StandardCopyOption.COPY_ATTRIBUTES);
    Path demo = Files.createDirectories(installation.resolve("testdata/demo"));
    Files.copy(ROOT.resolve("testdata/demo/stream.mp4"), demo.resolve("stream.mp4"));
    Path built = installation.resolve(".onlooker/built");
    Files.createDirectories(built.getParent());
    Files.writeString(built, "");
    Files.setLastModifiedTime(built, FileTime.from(Instant.now().plusSeconds(2)));
    return installation;
  }

  private static String classPath() {
    return List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator)).stream()
        .map(entry -> Path.of(entry).toUri().toString())
        .collect(Collectors.joining(" "));
  }

  /** Waits until it says where it serves. */
  String address() {
    Await.until("the address is printed", PATIENCE, () -> printed().isPresent() || hasEnded());
    return printed().orElseThrow(() -> new AssertionError("it ended: " + err()));
  }

  private Optional<String> printed() {
    Matcher matcher = ADDRESS.matcher(read(out));
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private boolean hasEnded() {
    return !process.isAlive();
  }

  /** The body of a GET. */
  String get(String path) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Asks it to stop, as a service manager does. */
  void terminate() {
    process.destroy();
  }

  /** Ends it as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  /** As the launcher made them. */
  List<String> arguments() {
    return List.of(process.info().arguments().orElseThrow());
  }

  long pid() {
    return process.pid();
  }

  /** Waits for its end and returns its exit code. */
  int exit() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end; it said: " + err());
    }
    return process.exitValue();
  }

  /** What it wrote to the console, without the JDK's own line about the vector module. */
  String err() {
    return read(err)
        .lines()
        .filter(line -> !line.equals("WARNING: Using incubator modules: jdk.incubator.vector"))
        .collect(Collectors.joining("\n"));
  }

  String out() {
    return read(out);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
