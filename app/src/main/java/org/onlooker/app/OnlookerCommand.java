package org.onlooker.app;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.onlooker.app.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The verbs. {@code test} and {@code bench} are the launcher's own and listed in its help. */
@Command(
    name = "onlooker",
    description = {
      "Watches live video, remembers it, answers questions about it.",
      "",
      "  onlooker demo                 watch the bundled stream and open the page",
      "  onlooker run rtsp://camera/1  watch a source, say what changes, answer what you type",
      "  onlooker ask demo \"What can you see now?\"",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    footerHeading = "%nMore verbs of the launcher:%n"
        + "  test         Run the whole test suite (arguments go to Maven).%n"
        + "  bench NAME   Run a benchmark; without a name, list them.%n",
    exitCodeListHeading = "%nExit codes:%n",
    subcommands = {
      DemoCommand.class,
      ServeCommand.class,
      RunCommand.class,
      AskCommand.class,
      SearchCommand.class,
      ExportCommand.class,
      StreamsCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      DoctorCommand.class,
      ConfigCommand.class
    })
final class OnlookerCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger(OnlookerCommand.class.getName());

  @Spec
  private CommandSpec spec;

  /** The command line, ready to execute. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new OnlookerCommand());
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode exit : ExitCode.values()) {
      codes.put(Integer.toString(exit.code), exit.meaning);
    }
    line.getCommandSpec().usageMessage().exitCodeList(codes);
    line.setParameterExceptionHandler((e, args) -> {
      String verb = e.getCommandLine().getCommandSpec().qualifiedName();
      line.getErr().println("onlooker: " + messageOf(e) + " (see " + verb + " --help)");
      return ExitCode.USAGE.code;
    });
    line.setExecutionExceptionHandler((e, command, result) -> {
      line.getErr().println("onlooker: " + lineOf(e));
      return exitOf(e).code;
    });
    return line;
  }

  private static String messageOf(ParameterException failure) {
    CommandLine where = failure.getCommandLine();
    return failure instanceof UnmatchedArgumentException e
            && !where.getSubcommands().isEmpty()
            && !e.isUnknownOption()
        ? "there is no \"" + e.getUnmatched().getFirst() + "\"; there are "
            + String.join(", ", where.getSubcommands().keySet())
        : failure.getMessage();
  }

  private static ExitCode exitOf(Exception failure) {
    return switch (failure) {
      case StartException e -> e.exit();
      case ClientException e -> e.exit();
      case ConfigException e -> ExitCode.BAD_CONFIG;
      default -> ExitCode.FAILED;
    };
  }

  private static String lineOf(Exception failure) {
    boolean expected = exitOf(failure) != ExitCode.FAILED || failure instanceof StartException;
    if (expected && failure.getMessage() != null) {
      return failure.getMessage();
    }
    LOG.log(System.Logger.Level.DEBUG, "unexpected failure", failure);
    return "this failed unexpectedly: " + failure;
  }

  /** No verb at all: the help, as a person who tries the command expects. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE.code;
  }
}
