package org.onlooker.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.Key;
import org.onlooker.core.Pace;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code onlooker demo}: plays the bundled stream as a live one and watches it. */
@Command(
    name = "demo",
    description = "Watch the bundled demo stream and answer questions about it until stopped.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String STREAM = "demo";

  @Mixin
  private final ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws Exception {
    Path video = Path.of(System.getProperty("onlooker.root", ""), "testdata/demo/stream.mp4")
        .toAbsolutePath();
    if (!Files.isRegularFile(video)) {
      throw new StartException(
          ExitCode.FAILED,
          "the demo stream " + video + " is missing; take the whole repository",
          new java.io.FileNotFoundException(video.toString()));
    }
    Path data = options.load().data().resolve(STREAM);
    Config config = options.load(Map.of(Key.DATA, data.toString()));
    StreamSpec stream = new StreamSpec(
        new StreamId(STREAM),
        video.toString(),
        StreamSpec.DEFAULT_FPS,
        Optional.empty(),
        Pace.REALTIME,
        true);
    return Service.run(config.watching(stream, video.getParent()), DemoCommand::announce);
  }

  private static void announce(App app) {
    System.out.println("Onlooker is at " + app.address() + " and watches the demo stream.");
    System.out.println("Open that page, or type in another terminal:");
    System.out.println("  ./onlooker ask " + STREAM + " \"What can you see now?\"");
    System.out.println("Ctrl-C stops it.");
  }
}
