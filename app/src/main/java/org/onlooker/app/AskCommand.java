package org.onlooker.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code onlooker ask STREAM "QUESTION"}: prints the answer as it comes, then its proof. */
@Command(
    name = "ask",
    description = "Ask a running server about a stream.",
    mixinStandardHelpOptions = true)
final class AskCommand implements Callable<Integer> {
  @Mixin
  private final Client client = new Client();

  @Parameters(index = "0", paramLabel = "STREAM", description = "Name of the stream.")
  private String stream = "";

  @Parameters(index = "1", paramLabel = "QUESTION", description = "In quotes.")
  private String question = "";

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "As if asked then, e.g. 2026-03-01T14:05:00Z.")
  private @Nullable String asOf;

  @Option(names = "--policy", paramLabel = "NAME", description = "What the model is shown.")
  private @Nullable String policy;

  @Option(
      names = "--conversation",
      paramLabel = "ID",
      description =
          "Continue this conversation, or begin it; \"new\" begins one and prints its" + " name.")
  private @Nullable String conversation;

  @Override
  public Integer call() throws Exception {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("stream", stream);
    body.put("question", question);
    if (asOf != null) {
      body.put("asOf", asOf);
    }
    if (policy != null) {
      body.put("policy", policy);
    }
    if (conversation != null) {
      body.put("conversation", conversation);
    }
    if (client.printsJson()) {
      JsonNode answer = client.post("/api/v1/questions", body);
      System.out.println(answer);
      return exit(answer);
    }
    return stream(body);
  }

  private int stream(Map<String, String> body) throws Exception {
    try (var events = new ServerSentEvents(client.postForEvents("/api/v1/questions", body))) {
      for (Optional<String> event = events.next(); event.isPresent(); event = events.next()) {
        JsonNode json = Client.JSON.readTree(event.get());
        switch (json.path("type").asText()) {
          case "answer.delta" -> {
            System.out.print(json.path("text").asText());
            System.out.flush();
          }
          case "answer.done" -> {
            return end(json.path("answer"));
          }
          default -> {}
        }
      }
    }
    throw new ClientException(ExitCode.UNREACHABLE, "the server closed the connection too early");
  }

  private static int end(JsonNode answer) {
    System.out.println();
    for (JsonNode citation : answer.path("citations")) {
      System.out.println("  " + Moments.line(citation));
    }
    for (JsonNode gap : answer.path("coverage")) {
      System.out.println(
          "  not watched " + Moments.span(gap) + ": " + gap.path("reason").asText());
    }
    if (answer.has("conversation")) {
      System.out.println("  conversation " + answer.path("conversation").asText());
    }
    if (exit(answer) != ExitCode.OK.code) {
      System.err.println("onlooker: the answer was " + answer.path("status").asText() + ": "
          + answer.path("reason").asText("no reason given"));
    }
    return exit(answer);
  }

  private static int exit(JsonNode answer) {
    boolean completed = answer.path("status").asText().equals("completed");
    return completed ? ExitCode.OK.code : ExitCode.REFUSED.code;
  }
}
