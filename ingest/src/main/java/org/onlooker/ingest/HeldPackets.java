package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** Packets whose media time is not known yet; times in microseconds of the source's clock. */
final class HeldPackets {
  private final ArrayDeque<AVPacket> packets = new ArrayDeque<>();
  private final PtsRange range = new PtsRange();
  private long bytes;

  /** Takes over the reference. */
  void add(AVPacket packet) {
    range.add(packet.pts());
    bytes += packet.size();
    packets.add(packet);
  }

  /** Whether a frame with this PTS may be one of them. */
  boolean mayHold(long ptsMicros) {
    return range.mayHold(ptsMicros);
  }

  long bytes() {
    return bytes;
  }

  /** Gives all references away, in order. */
  void release(Consumer<AVPacket> to) {
    packets.forEach(to);
    packets.clear();
    range.clear();
    bytes = 0;
  }

  /** Drops all; returns how many there were. */
  int drop() {
    int count = packets.size();
    release(packet -> av_packet_free(packet));
    return count;
  }
}
