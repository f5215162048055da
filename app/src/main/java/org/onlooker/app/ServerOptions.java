package org.onlooker.app;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.ConfigException;
import org.onlooker.app.config.Key;
import org.onlooker.app.config.Surroundings;
import picocli.CommandLine.Option;

/** What {@code serve}, {@code demo} and their checks take on the command line. */
final class ServerOptions {
  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file.")
  private @Nullable Path file;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to serve on; 0 takes a free one.")
  private @Nullable String port;

  @Option(names = "--data", paramLabel = "FOLDER", description = "Where everything is kept.")
  private @Nullable String data;

  @Option(names = "--model", paramLabel = "FOLDER", description = "Model pack.")
  private @Nullable String model;

  @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or auto.")
  private @Nullable String device;

  Config load() throws ConfigException {
    return load(Map.of());
  }

  /** Reads the configuration; {@code more} goes before everything else. */
  Config load(Map<Key, String> more) throws ConfigException {
    Map<Key, String> options = new EnumMap<>(Key.class);
    put(options, Key.SERVER_PORT, port);
    put(options, Key.DATA, data);
    put(options, Key.MODEL_PACK, model);
    put(options, Key.MODEL_DEVICE, device);
    options.putAll(more);
    return Config.load(Optional.ofNullable(file), options, Surroundings.ofProcess());
  }

  private static void put(Map<Key, String> options, Key key, @Nullable String value) {
    if (value != null) {
      options.put(key, value);
    }
  }
}
