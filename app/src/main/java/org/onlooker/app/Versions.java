package org.onlooker.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What this build was made of; the build writes {@code versions.properties}. */
final class Versions implements IVersionProvider {
  private static final List<String> LIBRARIES =
      List.of("FFmpeg", "ONNX Runtime", "RocksDB", "Lucene", "Vert.x");

  /** Onlooker's own version. */
  static String own() {
    return load().getProperty("onlooker");
  }

  @Override
  public String[] getVersion() {
    Properties versions = load();
    List<String> lines = new ArrayList<>();
    lines.add("onlooker " + versions.getProperty("onlooker"));
    lines.add("JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + "), "
        + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    for (String library : LIBRARIES) {
      lines.add(library + " " + versions.getProperty(library));
    }
    return lines.toArray(String[]::new);
  }

  private static Properties load() {
    Properties versions = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      if (in == null) {
        throw new IllegalStateException("versions.properties is missing from the application jar");
      }
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return versions;
  }
}
