package org.onlooker.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code onlooker backup}. */
@Command(
    name = "backup",
    description = "Copy what a running server remembers into its backups folder.",
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  static final String PATH = "/api/v1/backups";
  private static final DateTimeFormatter BY_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);

  @Mixin
  private final Client client = new Client();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "Its name: a-z, 0-9, _ and - (default the time).")
  private @Nullable String name;

  @Override
  public Integer call() throws Exception {
    String wanted = name == null ? BY_TIME.format(LocalDateTime.now()) : name;
    JsonNode made = client.post(PATH, Map.of("name", wanted));
    System.out.println(
        client.printsJson() ? made.toString() : "made " + made.path("folder").asText());
    return ExitCode.OK.code;
  }
}
