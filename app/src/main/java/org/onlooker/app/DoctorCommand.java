package org.onlooker.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.onlooker.app.config.Config;
import org.onlooker.core.FileTree;
import org.onlooker.core.FrameSource;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceInfo;
import org.onlooker.core.StreamSpec;
import org.onlooker.ingest.FfmpegNatives;
import org.onlooker.ingest.SourceCatalog;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.Natives;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code onlooker doctor}: tries each part alone and says what will not work. */
@Command(
    name = "doctor",
    description = "Check this machine, the configuration and the model.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final PictureSpec PICTURE =
      new PictureSpec(128, 128, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);

  @Mixin
  private final ServerOptions options = new ServerOptions();

  private boolean well = true;

  /** One check; what it returns is printed beside its name. */
  private interface Check {
    String run() throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    Config config = options.load();
    check("JDK", DoctorCommand::jdk);
    check("data", () -> data(config));
    check("store", () -> store(config));
    check("ffmpeg", () -> ffmpeg(config));
    check("device", () -> device(config));
    check("model", () -> model(config));
    check("port", () -> port(config));
    System.out.println(well ? "All is well." : "Something will not work.");
    return well ? ExitCode.OK.code : ExitCode.DOCTOR.code;
  }

  private void check(String name, Check check) {
    try {
      System.out.printf("ok    %-8s %s%n", name, check.run());
    } catch (Exception | LinkageError e) {
      well = false;
      System.out.printf(
          "FAIL  %-8s %s%n", name, Optional.ofNullable(e.getMessage()).orElse(e.toString()));
    }
  }

  private static String jdk() {
    return Runtime.version() + ", heap " + (Runtime.getRuntime().maxMemory() >> 20) + " MB, "
        + Runtime.getRuntime().availableProcessors() + " processors";
  }

  private static String data(Config config) {
    FreeSpace.require(config.data(), config.memory().freeSpaceFloorMegabytes());
    return config.data() + ", " + FreeSpace.megabytes(config.data()) + " MB free";
  }

  /** Opens a store of its own, so that a running server is no trouble. */
  private static String store(Config config) throws IOException {
    Path folder = Files.createTempDirectory(config.data(), "doctor-");
    try (var store = RocksMemoryStore.open(folder, natives(config), RocksOptions.defaults())) {
      return "RocksDB opens, " + store.streams().size() + " streams in a new store";
    } finally {
      FileTree.delete(folder);
    }
  }

  private static String ffmpeg(Config config) throws Exception {
    FfmpegNatives.unpackTo(natives(config));
    Path video =
        Path.of(System.getProperty("onlooker.root", "")).resolve("testdata/demo/stream.mp4");
    var sources =
        new SourceCatalog(List.of(video.toAbsolutePath().getParent()), PICTURE, Clock.systemUTC());
    StreamSpec spec = StreamSpec.of("doctor", video.toAbsolutePath().toString());
    try (FrameSource source = sources.create(spec)) {
      SourceInfo info = source.open();
      if (source.next().isEmpty()) {
        throw new IOException("the demo stream has no frames");
      }
      return "decodes " + info.codec() + " " + info.width() + "x" + info.height();
    }
  }

  private static String device(Config config) {
    Natives.unpackTo(natives(config));
    return ExecutionProvider.of(config.model().device()).device();
  }

  /** Loading runs the checks of inputs, shapes and rotary layout. */
  private static String model(Config config) {
    Natives.unpackTo(natives(config));
    ModelPack pack = ModelPack.read(config.model().pack());
    ExecutionProvider provider = ExecutionProvider.of(config.model().device());
    try (OnnxLanguageModel model = OnnxLanguageModel.load(pack, provider, 1)) {
      String domain = model.card().domain();
      return pack.name() + ", " + (pack.bytes() >> 20) + " MB"
          + (domain.isEmpty() ? "" : ". " + domain);
    }
  }

  private static String port(Config config) throws IOException {
    InetAddress host = InetAddress.getByName(config.server().host());
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, config.server().port()));
      return config.server().host() + ":" + config.server().port() + " is free";
    } catch (IOException e) {
      throw new IOException(config.server().host() + ":" + config.server().port() + ": "
          + e.getMessage() + "; stop what runs there or take another with --port");
    }
  }

  private static Path natives(Config config) {
    return config.data().resolve("native");
  }
}
