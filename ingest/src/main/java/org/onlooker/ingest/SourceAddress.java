package org.onlooker.ingest;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An address that was checked, in FFmpeg's terms.
 *
 * @param url what FFmpeg opens; may hold credentials
 * @param shown the same for people, without credentials
 * @param inputFormat FFmpeg's name of the input; empty to let it find out
 * @param protocols that FFmpeg may use for it and for whatever it refers to
 * @param options of FFmpeg
 */
record SourceAddress(
    Kind kind,
    String url,
    String shown,
    Optional<String> inputFormat,
    String protocols,
    Map<String, String> options,
    Limits limits) {
  private static final String FILE_PREFIX = "file:";

  enum Kind {
    FILE,
    RTSP,
    HTTP,
    WEBCAM
  }

  /**
   * A file that may be opened.
   *
   * @param real where it is, links followed
   */
  static SourceAddress file(Path real, String shown) {
    return new SourceAddress(
        Kind.FILE, FILE_PREFIX + real, shown, Optional.empty(), "file", Map.of(), Limits.FILE);
  }

  /** The path of a file. */
  Path path() {
    return Path.of(url.substring(FILE_PREFIX.length()));
  }

  SourceAddress withLimits(Limits other) {
    return new SourceAddress(kind, url, shown, inputFormat, protocols, options, other);
  }

  boolean isFile() {
    return kind == Kind.FILE;
  }

  /** The host of an {@code rtsp} or {@code http} address as FFmpeg reads it, without brackets. */
  Optional<String> host() {
    return kind == Kind.RTSP || kind == Kind.HTTP ? Optional.of(hostOf(url)) : Optional.empty();
  }

  /** Splits as FFmpeg's {@code av_url_split} does, so that what is checked is what is opened. */
  static String hostOf(String url) {
    int start = url.indexOf("://") + 3;
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    String authority = url.substring(start, end);
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    int bracket = hostAndPort.indexOf(']');
    if (hostAndPort.startsWith("[") && bracket > 0) {
      return hostAndPort.substring(1, bracket);
    }
    int colon = hostAndPort.indexOf(':');
    return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
  }
}
