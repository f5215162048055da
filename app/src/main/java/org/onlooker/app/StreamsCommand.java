package org.onlooker.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code onlooker streams}, {@code streams add}, {@code streams set}, {@code streams rm}. */
@Command(
    name = "streams",
    description = "List, add, change or remove streams of a running server.",
    mixinStandardHelpOptions = true,
    subcommands = {
      StreamsCommand.Add.class,
      StreamsCommand.Change.class,
      StreamsCommand.Remove.class
    })
final class StreamsCommand implements Callable<Integer> {
  private static final String PATH = "/api/v1/streams";

  @Mixin
  private final Client client = new Client();

  /** Of one stream, as typed. */
  static String address(String id) {
    return PATH + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  /** Whether it is watched from a file, whose moments are positions. */
  static boolean isRecording(JsonNode stream) {
    return stream.has("video") && !stream.path("video").path("live").asBoolean();
  }

  static boolean isRecording(Client client, String id) throws Exception {
    return isRecording(client.get(address(id)));
  }

  @Override
  public Integer call() throws Exception {
    JsonNode document = client.get(PATH);
    if (client.printsJson()) {
      System.out.println(document);
      return ExitCode.OK.code;
    }
    if (document.path("streams").isEmpty()) {
      System.out.println("no streams; add one with: ./onlooker streams add ID SOURCE");
    }
    document.path("streams").forEach(StreamsCommand::print);
    return ExitCode.OK.code;
  }

  private static void print(JsonNode stream) {
    StringBuilder line = new StringBuilder(String.format(
        "%-16s %-12s", stream.path("id").asText(), stream.path("state").asText()));
    if (stream.has("storedThrough")) {
      line.append(" remembered to ")
          .append(Moments.media(stream.path("storedThrough").asDouble()));
    }
    line.append("  ").append(stream.path("source").asText());
    if (stream.has("reason")) {
      line.append("  (").append(stream.path("reason").asText()).append(')');
    }
    if (stream.path("recording").path("state").asText().equals("stopped")) {
      line.append("  (")
          .append(stream.path("recording").path("reason").asText())
          .append(')');
    }
    System.out.println(line);
  }

  /** Adds a stream. */
  @Command(name = "add", description = "Watch a stream.", mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin
    private final Client client = new Client();

    @Parameters(index = "0", paramLabel = "ID", description = "Its name: a-z, 0-9, _ and -.")
    private String id = "";

    @Parameters(
        index = "1",
        paramLabel = "SOURCE",
        description = "rtsp://…, http(s)://…, webcam:0, a file or test:pattern.")
    private String source = "";

    @Option(names = "--fps", description = "Sampled frames per second (default 2).")
    private @Nullable Double fps;

    @Option(names = "--prompt", description = "What matters in this stream.")
    private @Nullable String prompt;

    @Option(names = "--pace", description = "realtime or fast, for files.")
    private @Nullable String pace;

    @Option(names = "--loop", description = "Play a file again and again, as a live source.")
    private boolean loop;

    @Option(names = "--dry-run", description = "Only try whether the source opens.")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("id", id);
      body.put("source", absolute(source));
      put(body, "fps", fps);
      put(body, "prompt", prompt);
      put(body, "pace", pace);
      if (loop) {
        body.put("loop", true);
      }
      JsonNode stream = client.post(dryRun ? PATH + "?dryRun=true" : PATH, body);
      return tell(stream, client.printsJson(), dryRun);
    }
  }

  /** The server runs in another folder: a file is named from the root. */
  private static String absolute(String source) {
    return !source.contains(":") && Files.exists(Path.of(source))
        ? Path.of(source).toAbsolutePath().normalize().toString()
        : source;
  }

  /** What came of adding or changing a stream. */
  private static int tell(JsonNode stream, boolean asJson, boolean dryRun) {
    if (asJson) {
      System.out.println(stream);
    } else if (dryRun) {
      System.out.println("the source opens");
    } else {
      print(stream);
    }
    return ExitCode.OK.code;
  }

  private static void put(Map<String, Object> body, String name, @Nullable Object value) {
    if (value != null) {
      body.put(name, value);
    }
  }

  /** Changes a stream. */
  @Command(
      name = "set",
      description = "Change a stream; its memory stays.",
      mixinStandardHelpOptions = true)
  static final class Change implements Callable<Integer> {
    @Mixin
    private final Client client = new Client();

    @Parameters(index = "0", paramLabel = "ID", description = "Its name.")
    private String id = "";

    @Option(names = "--source", description = "What it is watched from, from now on.")
    private @Nullable String source;

    @Option(names = "--fps", description = "Sampled frames per second.")
    private @Nullable Double fps;

    @Option(names = "--prompt", description = "What matters in this stream; \"\" for nothing.")
    private @Nullable String prompt;

    @Option(names = "--dry-run", description = "Only try whether the source opens.")
    private boolean dryRun;

    @Override
    public Integer call() throws Exception {
      Map<String, Object> body = new LinkedHashMap<>();
      put(body, "source", source == null ? null : absolute(source));
      put(body, "fps", fps);
      put(body, "prompt", prompt);
      JsonNode stream = client.patch(address(id) + (dryRun ? "?dryRun=true" : ""), body);
      return tell(stream, client.printsJson(), dryRun);
    }
  }

  /** Removes a stream. */
  @Command(name = "rm", description = "Stop watching a stream.", mixinStandardHelpOptions = true)
  static final class Remove implements Callable<Integer> {
    @Mixin
    private final Client client = new Client();

    @Parameters(index = "0", paramLabel = "ID", description = "Its name.")
    private String id = "";

    @Option(names = "--memory", description = "Also forget all that was seen.")
    private boolean memory;

    @Override
    public Integer call() throws Exception {
      client.delete(address(id) + (memory ? "?memory=true" : ""));
      if (!client.printsJson()) {
        System.out.println(memory ? "removed, with its memory" : "removed; its memory is kept");
      }
      return ExitCode.OK.code;
    }
  }
}
