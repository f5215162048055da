package org.onlooker.app;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.config.Config;
import org.onlooker.core.Pace;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code onlooker run SOURCE}: watches, says what changes, and answers what is typed. */
@Command(
    name = "run",
    description = "Watch a source, say what changes, and answer what you type, until stopped.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final int ID_LENGTH_MAX = 40;

  @Mixin
  private final ServerOptions options = new ServerOptions();

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "rtsp://, http(s)://, webcam:0, a file, test:pattern.")
  private String source = "";

  @Option(
      names = "--id",
      paramLabel = "NAME",
      description = "Name of the stream; made from the source otherwise.")
  private @Nullable String id;

  @Option(
      names = "--prompt",
      paramLabel = "WORDS",
      description = "How it is to be spoken of; for models that follow instructions.")
  private @Nullable String prompt;

  @Option(names = "--fps", description = "Sampled frames per second (${DEFAULT-VALUE}).")
  private double fps = StreamSpec.DEFAULT_FPS;

  @Override
  public Integer call() throws Exception {
    StreamSpec stream;
    try {
      stream = new StreamSpec(
          new StreamId(id == null ? name(source) : id),
          source,
          fps,
          Optional.ofNullable(prompt),
          Pace.REALTIME,
          false);
    } catch (IllegalArgumentException e) {
      throw new StartException(ExitCode.USAGE, e.getMessage(), e);
    }
    Config config = options.load();
    if (stream.isFile()) {
      Path file = Path.of(source.replaceFirst("^file:(//)?", "")).toAbsolutePath();
      Path folder = Optional.ofNullable(file.getParent()).orElse(file);
      config = config.watching(stream, folder);
    } else {
      config = config.watching(stream);
    }
    return Service.run(config, app -> new Terminal(app, stream.id()).open());
  }

  /** A name that tells the source apart: of a file its own, of an address its host and path. */
  static String name(String source) {
    String bare = source
        .replaceFirst("^[a-z]+://", "")
        .replaceFirst("^[^/@]*@", "")
        .replaceFirst("[?#].*$", "");
    boolean isPath = !source.contains("://") || source.startsWith("file:");
    String last = isPath ? bare.substring(bare.lastIndexOf('/') + 1) : bare;
    String name = last.toLowerCase(Locale.ROOT)
        .replaceFirst("\\.[a-z0-9]{2,4}$", "")
        .replaceAll("[^a-z0-9]+", "-")
        .replaceAll("^-+|-+$", "");
    String bounded = name.substring(0, Math.min(name.length(), ID_LENGTH_MAX));
    return bounded.isEmpty() ? "live" : bounded;
  }
}
