package org.onlooker.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The name that browsers know a codec by (RFC 6381; for AV1 and VP9 the bindings of their MP4
 * form), read from the head of a fragmented MP4 file.
 */
final class BrowserCodec {
  private BrowserCodec() {}

  /** The media type with its codec, as {@code MediaSource.isTypeSupported} takes it. */
  static String mimeType(byte[] head) {
    String codec = codec(head);
    return codec.isEmpty() ? "video/mp4" : "video/mp4; codecs=\"" + codec + "\"";
  }

  private static String codec(byte[] head) {
    int avc = content(head, "avcC");
    if (avc >= 0) {
      return text("avc1.%02x%02x%02x", head[avc + 1], head[avc + 2], head[avc + 3]);
    }
    int hevc = content(head, "hvcC");
    if (hevc >= 0) {
      return hevc(ByteBuffer.wrap(head, hevc, 13).slice());
    }
    int av1 = content(head, "av1C");
    if (av1 >= 0) {
      int bits = (head[av1 + 2] & 0x20) != 0 ? 12 : (head[av1 + 2] & 0x40) != 0 ? 10 : 8;
      return text(
          "av01.%d.%02d%s.%02d",
          head[av1 + 1] >> 5 & 7, head[av1 + 1] & 31, head[av1 + 2] < 0 ? "H" : "M", bits);
    }
    int vp9 = content(head, "vpcC") + 4; // behind version and flags
    return vp9 >= 4
        ? text("vp09.%02d.%02d.%02d", head[vp9], head[vp9 + 1], head[vp9 + 2] >> 4 & 15)
        : "";
  }

  /** ISO/IEC 14496-15, annex E.3. */
  private static String hevc(ByteBuffer record) {
    int profile = record.get(1);
    String space = new String[] {"", "A", "B", "C"}[profile >> 6 & 3];
    StringBuilder name = new StringBuilder(text(
        "hvc1.%s%d.%x.%s%d",
        space,
        profile & 31,
        Integer.reverse(record.getInt(2)),
        (profile & 0x20) != 0 ? "H" : "L",
        record.get(12) & 0xff));
    int last = 11;
    while (last >= 6 && record.get(last) == 0) {
      last--;
    }
    for (int i = 6; i <= last; i++) {
      name.append(text(".%x", record.get(i)));
    }
    return name.toString();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Where the content of a box begins; -1 where there is none of that name. */
  private static int content(byte[] head, String box) {
    byte[] name = box.getBytes(StandardCharsets.US_ASCII);
    for (int i = 4; i + name.length + 13 <= head.length; i++) {
      if (head[i] == name[0]
          && head[i + 1] == name[1]
          && head[i + 2] == name[2]
          && head[i + 3] == name[3]) {
        return i + name.length;
      }
    }
    return -1;
  }
}
