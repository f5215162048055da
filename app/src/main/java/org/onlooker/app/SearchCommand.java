package org.onlooker.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code onlooker search "TEXT"}: prints the moments that match, best first. */
@Command(
    name = "search",
    description = "Find moments by words, in one stream of a running server or in all.",
    mixinStandardHelpOptions = true)
final class SearchCommand implements Callable<Integer> {
  @Mixin
  private final Client client = new Client();

  @Parameters(index = "0", paramLabel = "TEXT", description = "In quotes.")
  private String text = "";

  @Option(names = "--stream", paramLabel = "ID", description = "Only this stream (default all).")
  private @Nullable String stream;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Only what begins then or later: 14:05, \"2026-11-22 14:05\", \"2 hours ago\".")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only what begins before then.")
  private @Nullable String to;

  @Option(names = "--limit", paramLabel = "N", description = "Most moments (default 20).")
  private @Nullable Integer limit;

  @Override
  public Integer call() throws Exception {
    JsonNode found = client.get(address());
    if (client.printsJson()) {
      System.out.println(found);
      return ExitCode.OK.code;
    }
    if (found.path("moments").isEmpty()) {
      System.out.println("nothing matched");
    }
    found.path("moments").forEach(SearchCommand::print);
    return ExitCode.OK.code;
  }

  private String address() throws Exception {
    StringBuilder address = new StringBuilder("/api/v1/search?q=").append(encoded(text));
    boolean ofRecording = false;
    if (stream != null) {
      address.append("&stream=").append(encoded(stream));
      ofRecording = (from != null || to != null) && StreamsCommand.isRecording(client, stream);
    }
    add(address, "from", from, ofRecording);
    add(address, "to", to, ofRecording);
    if (limit != null) {
      address.append("&limit=").append(limit);
    }
    return address.toString();
  }

  private static void add(
      StringBuilder address, String name, @Nullable String typed, boolean ofRecording)
      throws ClientException {
    if (typed != null) {
      TypedTime time =
          TypedTime.read(typed, "--" + name, ofRecording, Instant.now(), ZoneId.systemDefault());
      address.append('&').append(name).append('=').append(encoded(time.parameter()));
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  private static void print(JsonNode moment) {
    System.out.printf(
        Locale.ROOT,
        "%.2f  %-16s %s  %s%n",
        moment.path("score").asDouble(),
        moment.path("stream").asText(),
        Moments.dated(moment),
        moment.path("caption").asText());
  }
}
