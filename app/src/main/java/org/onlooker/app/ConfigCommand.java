package org.onlooker.app;

import java.util.concurrent.Callable;
import org.onlooker.app.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code onlooker config check}. */
@Command(
    name = "config",
    description = "Check the configuration.",
    mixinStandardHelpOptions = true,
    subcommands = ConfigCommand.Check.class)
final class ConfigCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: config check");
  }

  /** Says whether the configuration is right and what would hold. */
  @Command(
      name = "check",
      description = "Say whether the configuration is right, and print the values that hold.",
      mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {
    @Mixin
    private final ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws ConfigException {
      options.load().lines().forEach(System.out::println);
      return ExitCode.OK.code;
    }
  }
}
