package org.onlooker.ingest;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/** Gives packets all three of their times, in microseconds, where the source left some out. */
final class PacketTimes {
  private final TimeBase timeBase;
  private final long frameMicros;

  /** @param frameRate frames per second; 0 when unknown */
  PacketTimes(AVStream stream, double frameRate) {
    this.timeBase = new TimeBase(stream.time_base());
    this.frameMicros = FrameClock.frameMicros(frameRate);
  }

  /** Turns ticks into microseconds in place; false when the packet has no time at all. */
  boolean complete(AVPacket packet) {
    long dts = packet.dts() == avutil.AV_NOPTS_VALUE ? packet.pts() : packet.dts();
    if (dts == avutil.AV_NOPTS_VALUE) {
      return false;
    }
    long pts = packet.pts() == avutil.AV_NOPTS_VALUE ? dts : packet.pts();
    packet.dts(timeBase.micros(Math.min(dts, pts)));
    packet.pts(timeBase.micros(pts));
    packet.duration(packet.duration() > 0 ? timeBase.micros(packet.duration()) : frameMicros);
    return true;
  }

  static boolean isKeyframe(AVPacket packet) {
    return (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0;
  }
}
