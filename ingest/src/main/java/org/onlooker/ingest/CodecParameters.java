package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_free;

import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/** What a decoder must know before the first packet; a copy of its own. */
final class CodecParameters implements AutoCloseable {
  private @Nullable AVCodecParameters copy = avcodec_parameters_alloc();

  CodecParameters(AVCodecParameters of) {
    avcodec_parameters_copy(copy, of);
  }

  AVCodecParameters get() {
    return copy;
  }

  /** Whether packets of both fit one track. */
  boolean isSameAs(AVCodecParameters other) {
    return copy.codec_id() == other.codec_id()
        && copy.width() == other.width()
        && copy.height() == other.height()
        && Arrays.equals(extradata(copy), extradata(other));
  }

  private static byte[] extradata(AVCodecParameters parameters) {
    byte[] bytes = new byte[parameters.extradata_size()];
    BytePointer data = parameters.extradata();
    if (data != null) {
      data.get(bytes);
    }
    return bytes;
  }

  @Override
  public void close() {
    if (copy != null) {
      avcodec_parameters_free(copy);
      copy = null;
    }
  }
}
