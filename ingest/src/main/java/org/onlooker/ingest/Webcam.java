package org.onlooker.ingest;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/** A camera of this machine, by number, through the system's own interface. */
final class Webcam {
  private static final int NUMBER_MAX = 63;

  private Webcam() {}

  /** @param number what follows {@code webcam:} */
  static SourceAddress address(String number) throws SourceException {
    if (!number.matches("[0-9]{1,2}") || Integer.parseInt(number) > NUMBER_MAX) {
      throw new SourceException(
          SourceError.REFUSED, "webcam:" + number + ": write webcam:0 for the first camera");
    }
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String format;
    String url;
    if (system.startsWith("mac")) {
      format = "avfoundation";
      url = number + ":none";
    } else if (system.startsWith("windows")) {
      format = "vfwcap";
      url = number;
    } else {
      format = "video4linux2";
      url = "/dev/video" + number;
    }
    return new SourceAddress(
        SourceAddress.Kind.WEBCAM,
        url,
        "webcam:" + number,
        Optional.of(format),
        "none",
        Map.of(),
        Limits.WEBCAM);
  }
}
