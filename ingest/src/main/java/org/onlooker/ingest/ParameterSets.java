package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_get_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_bsf_send_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_clone;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_get_side_data;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a source goes on with other parameters, which an MP4 track cannot: those that come
 * inside its keyframes, or that the demuxer hands over beside a packet. One owner thread.
 */
final class ParameterSets implements AutoCloseable {
  private final AVBSFContext filter = new AVBSFContext(null);
  private byte[] last = {};

  ParameterSets(CodecParameters parameters) {
    int made = av_bsf_alloc(av_bsf_get_by_name("extract_extradata"), filter);
    if (made >= 0) {
      avcodec_parameters_copy(filter.par_in(), parameters.get());
      made = av_bsf_init(filter);
    }
    if (made < 0) { // a codec without such sets
      av_bsf_free(filter);
    }
  }

  /** The new parameters (FFmpeg's extradata), where a keyframe brings others than the last did. */
  Optional<byte[]> changed(AVPacket keyframe) {
    byte[] found = beside(keyframe);
    if (found.length == 0) {
      found = inside(keyframe);
    }
    if (found.length == 0 || Arrays.equals(found, last)) {
      return Optional.empty();
    }
    boolean isFirst = last.length == 0;
    last = found;
    return isFirst ? Optional.empty() : Optional.of(found);
  }

  private byte[] inside(AVPacket keyframe) {
    @Nullable AVPacket copy = filter.isNull() ? null : av_packet_clone(keyframe);
    if (copy == null) {
      return new byte[0];
    }
    try {
      boolean filtered =
          av_bsf_send_packet(filter, copy) >= 0 && av_bsf_receive_packet(filter, copy) >= 0;
      return filtered ? beside(copy) : new byte[0];
    } finally {
      av_packet_free(copy);
    }
  }

  private static byte[] beside(AVPacket packet) {
    try (SizeTPointer size = new SizeTPointer(1)) {
      BytePointer data = av_packet_get_side_data(packet, avcodec.AV_PKT_DATA_NEW_EXTRADATA, size);
      byte[] bytes = new byte[data == null ? 0 : (int) size.get()];
      if (data != null) {
        data.get(bytes);
      }
      return bytes;
    }
  }

  @Override
  public void close() {
    if (!filter.isNull()) {
      av_bsf_free(filter);
      filter.setNull();
    }
  }
}
