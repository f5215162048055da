package org.onlooker.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.onlooker.app.config.Config;

/** Runs the app until the process is told to stop. */
final class Service {
  private static final System.Logger LOG = System.getLogger(Service.class.getName());
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(9);

  private Service() {}

  /**
   * Starts, and returns never: SIGTERM and Ctrl-C end the process through the shutdown hook, which
   * finishes the clips and commits, with the exit codes 143 and 130 that the JVM gives them.
   */
  static int run(Config config, Consumer<App> started) throws StartException, InterruptedException {
    Logs.open(config.log());
    LOG.log(System.Logger.Level.INFO, "onlooker {0} starts with:", Versions.own());
    config.lines().forEach(line -> LOG.log(System.Logger.Level.INFO, "  {0}", line));
    App app = App.start(config);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(app)));
    started.accept(app);
    new CountDownLatch(1).await();
    return ExitCode.OK.code;
  }

  /** Closes the app; one that hangs is left behind, as memory survives the death of a process. */
  private static void stop(App app) {
    LOG.log(System.Logger.Level.INFO, "stopping");
    Thread closing = Thread.ofPlatform().daemon().name("close").start(app::close);
    try {
      if (closing.join(STOP_PATIENCE)) {
        LOG.log(System.Logger.Level.INFO, "stopped");
      } else {
        LOG.log(
            System.Logger.Level.WARNING,
            "stopped without waiting any longer; what was acknowledged is safe");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
