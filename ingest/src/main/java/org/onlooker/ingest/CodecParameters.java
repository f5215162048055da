package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_parser_close;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_init;
import static org.bytedeco.ffmpeg.global.avcodec.av_parser_parse2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_copy;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_free;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVCodecParserContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** What a decoder must know before the first packet; a copy of its own. */
final class CodecParameters implements AutoCloseable {
  private @Nullable AVCodecParameters copy = avcodec_parameters_alloc();

  CodecParameters(AVCodecParameters of) {
    avcodec_parameters_copy(copy, of);
  }

  /** These with other extradata, and the size that a keyframe of theirs tells. */
  CodecParameters with(byte[] extradata, AVPacket keyframe) {
    CodecParameters changed = new CodecParameters(copy);
    AVCodecParameters parameters = changed.get();
    BytePointer data =
        new BytePointer(av_mallocz(extradata.length + (long) avcodec.AV_INPUT_BUFFER_PADDING_SIZE));
    data.put(extradata);
    av_free(parameters.extradata());
    parameters.extradata(data);
    parameters.extradata_size(extradata.length);
    setSize(parameters, keyframe);
    return changed;
  }

  private static void setSize(AVCodecParameters parameters, AVPacket keyframe) {
    AVCodecParserContext parser = av_parser_init(parameters.codec_id());
    if (parser == null) {
      return;
    }
    AVCodecContext context = avcodec_alloc_context3((AVCodec) null);
    try (PointerPointer<BytePointer> out = new PointerPointer<>(1);
        IntPointer outSize = new IntPointer(1)) {
      parser.flags(AVCodecParserContext.PARSER_FLAG_COMPLETE_FRAMES);
      context.codec_id(parameters.codec_id());
      av_parser_parse2(
          parser,
          context,
          out,
          outSize,
          keyframe.data(),
          keyframe.size(),
          avutil.AV_NOPTS_VALUE,
          avutil.AV_NOPTS_VALUE,
          0);
      if (parser.width() > 0 && parser.height() > 0) {
        parameters.width(parser.width());
        parameters.height(parser.height());
      }
    } finally {
      avcodec_free_context(context);
      av_parser_close(parser);
    }
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
