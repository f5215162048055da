package org.onlooker.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code onlooker serve}: watches what is configured and added, and answers. */
@Command(
    name = "serve",
    description = "Watch streams and answer questions until stopped.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Mixin
  private final ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws Exception {
    return Service.run(options.load(), ServeCommand::announce);
  }

  private static void announce(App app) {
    System.out.println("Onlooker is at " + app.address());
    int count = app.streams().list().size();
    System.out.println(
        count == 0
            ? "Nothing is watched yet. Add a stream with: ./onlooker streams add ID SOURCE"
            : count + (count == 1 ? " stream is watched." : " streams are watched."));
  }
}
