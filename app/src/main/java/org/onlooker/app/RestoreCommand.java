package org.onlooker.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code onlooker restore}. */
@Command(
    name = "restore",
    description =
        "Bring streams back from a backup into a running server; without a name, list them.",
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @Mixin
  private final Client client = new Client();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "The backup; streams that are there already stay as they are.")
  private @Nullable String name;

  @Override
  public Integer call() throws Exception {
    JsonNode reply = name == null
        ? client.get(BackupCommand.PATH)
        : client.post(BackupCommand.PATH + "/" + inPath(name) + "/restore", Map.of());
    if (client.printsJson()) {
      System.out.println(reply);
    } else if (name == null) {
      print(reply.path("backups"), "no backups; make one with: ./onlooker backup");
    } else {
      List<String> streams = new ArrayList<>();
      reply.path("streams").forEach(stream -> streams.add(stream.asText()));
      System.out.println("brought back " + String.join(", ", streams));
    }
    return ExitCode.OK.code;
  }

  /** The server says what is wrong with a name. */
  private static String inPath(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static void print(JsonNode names, String whenNone) {
    if (names.isEmpty()) {
      System.out.println(whenNone);
    }
    names.forEach(one -> System.out.println(one.asText()));
  }
}
