package org.onlooker.ingest;

import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** What a decoder must know of a connection's packets, as its keyframes change it. */
final class VideoParameters implements AutoCloseable {
  private final ParameterSets sets;
  private CodecParameters current;

  VideoParameters(AVCodecParameters of) {
    this(new CodecParameters(of));
  }

  /** @param first closed with this */
  VideoParameters(CodecParameters first) {
    this.current = first;
    this.sets = new ParameterSets(first);
  }

  /** Whether a keyframe brings others than those before it, which hold from here on. */
  boolean changeWith(AVPacket keyframe) {
    Optional<byte[]> changed = sets.changed(keyframe);
    changed.ifPresent(extradata -> {
      CodecParameters former = current;
      current = former.with(extradata, keyframe);
      former.close();
    });
    return changed.isPresent();
  }

  AVCodecParameters get() {
    return current.get();
  }

  @Override
  public void close() {
    current.close();
    sets.close();
  }
}
