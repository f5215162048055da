package org.onlooker.app;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.Key;
import org.onlooker.app.config.Surroundings;

/** The configuration most tests start the product with: a free port, a tiny pack, one folder. */
final class TinyConfig {
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));

  private TinyConfig() {}

  /**
   * @param folder everything is written below it
   * @param file configuration file, if there is one
   * @param more keys beside the usual ones
   */
  static Config of(Path folder, Optional<Path> file, Map<Key, String> more) throws Exception {
    Map<Key, String> options = new HashMap<>(Map.of(
        Key.SERVER_PORT,
        "0",
        Key.DATA,
        folder.resolve("data").toString(),
        Key.MODEL_PACK,
        ROOT.resolve("testdata/packs/tiny-smolvlm").toString(),
        Key.MEMORY_FREE_SPACE_FLOOR,
        "1"));
    options.putAll(more);
    return Config.load(file, options, new Surroundings(Map.of(), folder, folder, ROOT));
  }
}
