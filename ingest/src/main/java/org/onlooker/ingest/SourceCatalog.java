package org.onlooker.ingest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.onlooker.core.Addresses;
import org.onlooker.core.FrameSource;
import org.onlooker.core.FrameSources;
import org.onlooker.core.Pace;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.StreamSpec;

/**
 * Every kind of source there is, by its address.
 *
 * <p>What is not listed is refused: unknown schemes, files outside {@code roots} (links followed),
 * folders and devices, link-local hosts. FFmpeg gets a list of protocols per kind, so that what a
 * playlist or a redirect points to obeys the same rules.
 */
public final class SourceCatalog implements FrameSources {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(.*)");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern NUMERIC_HOST = Pattern.compile("[0-9.]+|.*:.*");
  private static final String ALLOWED =
      "use rtsp://, rtsps://, http://, https://, webcam:0, test:pattern or the path of a file";

  private final List<Path> roots;
  private final PictureSpec picture;
  private final InstantSource clock;
  private final List<PacketTap> taps;

  /**
   * @param roots folders that files may be read from; those that do not exist are ignored
   * @param picture what the vision tower takes
   * @param clock gives frames their wall time
   * @param taps where packets go besides
   */
  public SourceCatalog(
      List<Path> roots, PictureSpec picture, InstantSource clock, PacketTap... taps) {
    this.roots = List.copyOf(roots);
    this.picture = picture;
    this.clock = clock;
    this.taps = List.of(taps);
  }

  @Override
  public FrameSource create(StreamSpec spec) throws SourceException {
    String source = spec.source().strip();
    if (CONTROL.matcher(source).find()) {
      throw refused("the address holds control characters");
    }
    Matcher parts = SCHEME.matcher(source);
    String scheme = parts.matches() ? parts.group(1).toLowerCase(Locale.ROOT) : "";
    String url = scheme + source.substring(scheme.length());
    return switch (scheme) {
      case "" -> recording(spec, file(source));
      case "file" -> recording(spec, file(filePath(source)));
      case "rtsp", "rtsps" -> ffmpeg(spec, checked(rtsp(url)));
      case "http", "https" -> paced(spec, () -> ffmpeg(spec, checked(http(url))));
      case "webcam" -> ffmpeg(spec, Webcam.address(parts.group(2)));
      case "test" -> testPattern(spec, parts.group(2));
      default ->
        throw refused(
            Addresses.redacted(source) + ": " + scheme + ": is not a kind of source; " + ALLOWED);
    };
  }

  private FrameSource ffmpeg(StreamSpec spec, SourceAddress address) {
    PacketListener listeners = new PacketListeners(
        taps.stream().map(tap -> tap.listener(spec, address)).toList());
    return new FfmpegFrameSource(address, new Pictures(picture), spec.fps(), clock, listeners);
  }

  private FrameSource recording(StreamSpec spec, SourceAddress address) throws SourceException {
    return paced(spec, () -> ffmpeg(spec, address));
  }

  private interface Maker {
    FrameSource make() throws SourceException;
  }

  private FrameSource paced(StreamSpec spec, Maker maker) throws SourceException {
    FrameSource first = maker.make();
    if (spec.loop()) {
      return PacedFrameSource.asLive(new LoopedFrameSource(first, maker::make), clock);
    }
    return spec.pace() == Pace.REALTIME ? PacedFrameSource.recording(first, clock) : first;
  }

  private FrameSource testPattern(StreamSpec spec, String name) throws SourceException {
    if (!name.equals("pattern")) {
      throw refused("test:" + name + ": there is one test source, test:pattern");
    }
    TestPatternFrameSource source =
        TestPatternFrameSource.endless(TestPattern.DEFAULT_SEED, picture, spec.fps(), clock);
    return spec.pace() == Pace.FAST ? source : PacedFrameSource.asLive(source, clock);
  }

  static SourceAddress rtsp(String url) {
    return new SourceAddress(
        SourceAddress.Kind.RTSP,
        url,
        Addresses.redacted(url),
        Optional.of("rtsp"),
        "rtsp,rtsps,rtp,srtp,tcp,tls,crypto",
        Map.of(
            "rtsp_transport", "tcp",
            "allowed_media_types", "video",
            "analyzeduration", "2000000",
            "fpsprobesize", "0"), // the rate is not waited for: saves 0.8 s of each opening
        Limits.RTSP);
  }

  static SourceAddress http(String url) {
    return new SourceAddress(
        SourceAddress.Kind.HTTP,
        url,
        Addresses.redacted(url),
        Optional.empty(),
        "http,https,tcp,tls,crypto",
        Map.of("user_agent", "Onlooker", "analyzeduration", "3000000", "live_start_index", "-1"),
        Limits.HTTP);
  }

  /** Refuses what can be told without looking the host up; {@link HostCheck} does the rest. */
  private static SourceAddress checked(SourceAddress address) throws SourceException {
    String host = address.url().contains("://") ? address.host().orElse("") : "";
    if (host.isEmpty()) {
      throw refused(address.shown() + ": the host is missing");
    }
    if (NUMERIC_HOST.matcher(host).matches()) {
      try {
        if (HostCheck.isForbidden(InetAddress.ofLiteral(host))) {
          throw refused(address.shown() + ": link-local addresses are not allowed");
        }
      } catch (IllegalArgumentException e) {
        throw refused(address.shown() + ": " + host + " is no valid address");
      }
    }
    return address;
  }

  private static String filePath(String source) throws SourceException {
    String rest = source.substring("file:".length());
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      String host = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
      if (slash < 0 || !(host.isEmpty() || host.equalsIgnoreCase("localhost"))) {
        throw refused(source + ": write file:///path/of/the/file");
      }
      rest = rest.substring(slash);
    }
    return URLDecoder.decode(rest.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private SourceAddress file(String name) throws SourceException {
    Path path;
    try {
      path = Path.of(name).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw refused(name + ": is no path; " + ALLOWED);
    }
    Path real = realPath(path);
    if (!Files.isRegularFile(real)) {
      throw refused(path + ": is not a file" + (real.startsWith("/dev") ? "; use webcam:0" : ""));
    }
    if (!Files.isReadable(real)) {
      throw new SourceException(
          SourceError.NOT_FOUND, path + ": this user may not read it; change its permissions");
    }
    return SourceAddress.file(real, path.toString());
  }

  /** Where the file really is, when that is below a root; outside, not even its absence is told. */
  private Path realPath(Path path) throws SourceException {
    try {
      Path real = path.toRealPath();
      if (isBelowRoot(real)) {
        return real;
      }
    } catch (NoSuchFileException e) {
      if (roots.stream().anyMatch(root -> path.startsWith(root.toAbsolutePath().normalize()))) {
        throw new SourceException(SourceError.NOT_FOUND, path + ": there is no such file");
      }
    } catch (IOException e) {
      throw new SourceException(SourceError.NOT_FOUND, path + ": cannot be read: " + e);
    }
    throw refused(path + ": files are read only below " + roots);
  }

  private boolean isBelowRoot(Path real) {
    for (Path root : roots) {
      try {
        if (real.startsWith(root.toRealPath())) {
          return true;
        }
      } catch (IOException e) {
        continue; // a root that is not there allows nothing
      }
    }
    return false;
  }

  private static SourceException refused(String message) {
    return new SourceException(SourceError.REFUSED, message);
  }
}
