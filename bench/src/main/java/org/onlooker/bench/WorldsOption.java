package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option of benchmarks that says over which worlds they run. */
final class WorldsOption {
  @Option(
      names = "--world",
      arity = "1..*",
      paramLabel = "DIR",
      description = "Worlds, or folders that hold several; default the demo stream.")
  private List<Path> folders = List.of();

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec benchmark;

  /** As given; none for the demo stream. */
  List<Path> folders() {
    return folders;
  }

  /**
   * Those given, else the demo stream.
   *
   * @throws ParameterException when a folder holds none, with what to do
   */
  List<World> worlds() {
    try {
      return World.readAll(folders.isEmpty() ? List.of(Folders.demo()) : folders);
    } catch (IOException e) {
      throw new ParameterException(
          Objects.requireNonNull(benchmark).commandLine(), "--world: " + e.getMessage(), e);
    }
  }
}
