package org.onlooker.ingest;

import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;

/** Several that hear the packets of one connection. */
record PacketListeners(List<PacketListener> all) implements PacketListener {
  PacketListeners {
    all = List.copyOf(all);
  }

  @Override
  public void opened(AVStream stream, double frameRate) {
    all.forEach(one -> one.opened(stream, frameRate));
  }

  @Override
  public void packet(AVPacket packet) {
    all.forEach(one -> one.packet(packet));
  }

  @Override
  public void unsampled(long sourceMicros, Snapshot snapshot) {
    all.forEach(one -> one.unsampled(sourceMicros, snapshot));
  }

  @Override
  public void placed(long sourceMicros, long mediaMicros) {
    all.forEach(one -> one.placed(sourceMicros, mediaMicros));
  }

  @Override
  public void close() {
    all.forEach(PacketListener::close);
  }
}
