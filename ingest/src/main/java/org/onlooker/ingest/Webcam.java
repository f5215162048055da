package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avdevice.avdevice_free_list_devices;
import static org.bytedeco.ffmpeg.global.avdevice.avdevice_list_input_sources;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avdevice.AVDeviceInfo;
import org.bytedeco.ffmpeg.avdevice.AVDeviceInfoList;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avutil;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/** A camera of this machine, by number, through the system's own interface. */
final class Webcam {
  private static final String DIRECT_SHOW = "dshow";

  private Webcam() {}

  /** @param number what follows {@code webcam:} */
  static SourceAddress address(String number) throws SourceException {
    return address(number, System.getProperty("os.name"));
  }

  static SourceAddress address(String number, String systemName) throws SourceException {
    if (!number.matches("[0-9]|[1-5][0-9]|6[0-3]")) {
      throw new SourceException(
          SourceError.REFUSED, "webcam:" + number + ": write webcam:0 for the first camera");
    }
    String system = systemName.toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      return address(number, "avfoundation", number + ":none");
    }
    if (system.startsWith("windows")) {
      return address(number, DIRECT_SHOW, number);
    }
    return address(number, "video4linux2", "/dev/video" + number);
  }

  private static SourceAddress address(String number, String format, String url) {
    return new SourceAddress(
        SourceAddress.Kind.WEBCAM,
        url,
        "webcam:" + number,
        Optional.of(format),
        "none",
        Map.of(),
        Limits.WEBCAM);
  }

  /** What FFmpeg opens: DirectShow knows cameras by name only, so that one is looked up. */
  static String url(SourceAddress address, AVInputFormat format) throws SourceException {
    if (!address.inputFormat().equals(Optional.of(DIRECT_SHOW))) {
      return address.url();
    }
    AVDeviceInfoList found = new AVDeviceInfoList(null);
    try {
      avdevice_list_input_sources(format, (String) null, (AVDictionary) null, found);
      int left = Integer.parseInt(address.url());
      for (int i = 0; !found.isNull() && i < found.nb_devices(); i++) {
        AVDeviceInfo device = found.devices(i);
        if (isCamera(device) && left-- == 0) {
          return "video=" + device.device_name().getString();
        }
      }
    } finally {
      avdevice_free_list_devices(found);
    }
    throw new SourceException(
        SourceError.NOT_FOUND, address.shown() + ": this machine has no such camera");
  }

  private static boolean isCamera(AVDeviceInfo device) {
    for (int i = 0; i < device.nb_media_types(); i++) {
      if (device.media_types().get(i) == avutil.AVMEDIA_TYPE_VIDEO) {
        return true;
      }
    }
    return false;
  }
}
