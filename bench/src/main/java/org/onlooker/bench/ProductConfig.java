package org.onlooker.bench;

import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.Key;
import org.onlooker.app.config.Surroundings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The configuration of a product that a benchmark starts: a free port, a folder of its own. */
final class ProductConfig {
  private ProductConfig() {}

  /**
   * @param data folder that the product keeps everything in
   * @param sources folders that files are watched from
   * @param settings as they were given on the command line, by key
   * @throws ParameterException when there is no such key
   */
  static Config of(
      Path root,
      Path data,
      Collection<Path> sources,
      Map<String, String> settings,
      CommandSpec spec)
      throws Exception {
    String roots = sources.stream().map(Path::toString).distinct().collect(Collectors.joining(","));
    Map<Key, String> options = new LinkedHashMap<>(
        Map.of(Key.SERVER_PORT, "0", Key.DATA, data.toString(), Key.SOURCES_FILE_ROOTS, roots));
    for (var setting : settings.entrySet()) {
      Key key = Key.ofPath(setting.getKey())
          .orElseThrow(() ->
              new ParameterException(spec.commandLine(), "no key \"" + setting.getKey() + "\""));
      options.put(key, setting.getValue());
    }
    Path working = Path.of("").toAbsolutePath();
    return Config.load(Optional.empty(), options, new Surroundings(Map.of(), working, data, root));
  }
}
