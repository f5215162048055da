package org.onlooker.api;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How the server is reached.
 *
 * @param host address to listen on; loopback only
 * @param port 0 for any free one
 * @param allowedHosts further {@code Host} values that are answered, as {@code name} or {@code
 *     name:port}, for a proxy or a tunnel in front
 * @param allowedOrigins further {@code Origin} values, as {@code https://name}
 * @param pageFolder page files are read from here on every request, for development; from the class
 *     path when absent
 * @param version of the product, shown in {@code /openapi.json}, the session and the metrics
 */
public record Settings(
    String host,
    int port,
    Set<String> allowedHosts,
    Set<String> allowedOrigins,
    Optional<Path> pageFolder,
    String version) {
  public Settings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host to listen on is empty");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + ", must be between 0 and 65535");
    }
    allowedHosts = Set.copyOf(allowedHosts);
    allowedOrigins = Set.copyOf(allowedOrigins);
  }

  /** The defaults: loopback, nothing else allowed, page from the class path. */
  public static Settings local(int port, String version) {
    return new Settings("127.0.0.1", port, Set.of(), Set.of(), Optional.empty(), version);
  }
}
