package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.onlooker.core.LiveMedia;

/**
 * The packets since the newest keyframe, so that who joins need not wait for the next one. Of a
 * group that is larger than {@link LiveMedia#JOINING_BYTES_MAX} nothing is kept.
 */
final class PictureGroup {
  private final List<Entry> entries = new ArrayList<>();
  private long bytes;

  /** @param packet with all its times, in microseconds; stays this group's */
  record Entry(AVPacket packet, Instant arrivedAt) {
    boolean isKeyframe() {
      return PacketTimes.isKeyframe(packet);
    }
  }

  /** Takes over the packet; frees it where it belongs to no group that is kept. */
  void add(Entry entry) {
    if (entry.isKeyframe() || bytes + entry.packet().size() > LiveMedia.JOINING_BYTES_MAX) {
      clear();
    }
    if (entry.isKeyframe() || !entries.isEmpty()) {
      entries.add(entry);
      bytes += entry.packet().size();
    } else {
      av_packet_free(entry.packet());
    }
  }

  /** In the order in which they came; valid until the next change. */
  List<Entry> entries() {
    return entries;
  }

  void clear() {
    entries.forEach(entry -> av_packet_free(entry.packet()));
    entries.clear();
    bytes = 0;
  }
}
