package org.onlooker.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Recording;

/** Notes where in a watched file media time 0 is, so that nothing of it needs to be copied. */
final class OriginalListener implements PacketListener {
  private final Supplier<StreamSegments> stream;
  private final Path path;
  private @Nullable Original original;
  private long lastMediaMicros;

  OriginalListener(Supplier<StreamSegments> stream, Path path) {
    this.stream = stream;
    this.path = path;
  }

  @Override
  public void opened(AVStream video, double frameRate) {}

  @Override
  public void packet(AVPacket packet) {}

  @Override
  public void placed(long sourceMicros, long mediaMicros) {
    long offset = mediaMicros - sourceMicros;
    if (original == null) {
      note(offset);
    } else if (original.offsetMicros() != offset && original.endMicros() == Long.MAX_VALUE) {
      original = original.until(lastMediaMicros);
      stream.get().playsFrom(original);
    }
    lastMediaMicros = mediaMicros;
  }

  private void note(long offset) {
    try {
      original = Original.of(path, offset);
      stream.get().playsFrom(original);
      stream.get().set(Recording.State.OFF, "the file is its own recording");
    } catch (IOException e) {
      stream.get().set(Recording.State.STOPPED, path + " cannot be read: " + e);
    }
  }

  @Override
  public void close() {}
}
