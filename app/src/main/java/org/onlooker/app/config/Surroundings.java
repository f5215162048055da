package org.onlooker.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the process runs, as far as the configuration depends on it.
 *
 * @param installation the folder that holds {@code models/} and {@code testdata/}
 */
public record Surroundings(
    Map<String, String> environment, Path home, Path workingFolder, Path installation) {

  /** Those of this process; the launcher gives the installation as {@code onlooker.root}. */
  public static Surroundings ofProcess() {
    Path working = Path.of("").toAbsolutePath();
    return new Surroundings(
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        working,
        Path.of(System.getProperty("onlooker.root", working.toString())).toAbsolutePath());
  }

  /** The file that is read when none is named. */
  Optional<Path> configFile() {
    Path user = folder("XDG_CONFIG_HOME", ".config").resolve("onlooker/onlooker.yml");
    return List.of(workingFolder.resolve("onlooker.yml"), user).stream()
        .filter(Files::isRegularFile)
        .findFirst();
  }

  Path dataFolder() {
    return folder("XDG_DATA_HOME", ".local/share").resolve("onlooker");
  }

  Path modelPack() {
    return installation.resolve("models/onlooker-mini");
  }

  /** {@code text} as a path; {@code ~} is the home, a relative one starts at {@code base}. */
  Path path(String text, Path base) {
    if (text.equals("~")) {
      return home;
    }
    if (text.startsWith("~/")) {
      return home.resolve(text.substring(2)).normalize();
    }
    return base.resolve(text).toAbsolutePath().normalize();
  }

  private Path folder(String variable, String inHome) {
    String value = environment.getOrDefault(variable, "");
    return value.isEmpty() ? home.resolve(inHome) : Path.of(value);
  }
}
