package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avformat.avio_close_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_open_dyn_buf;
import static org.bytedeco.ffmpeg.global.avutil.av_free;

import java.io.IOException;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.javacpp.BytePointer;

/**
 * One video track as fragmented MP4 in pieces, for a player that reads them as they come (Media
 * Source Extensions): a head, then a fragment for each packet, which stands at its own time. One
 * owner thread.
 */
final class Mp4Fragments implements AutoCloseable {
  private static final String FLAGS = "frag_custom+empty_moov+default_base_moof+frag_discont";

  private final Mp4Muxer muxer;
  private final AVIOContext buffer = new AVIOContext(null);
  private final byte[] head;

  Mp4Fragments(AVCodecParameters parameters) throws IOException {
    muxer = new Mp4Muxer("the live picture", parameters);
    try {
      muxer.check(avio_open_dyn_buf(buffer));
      muxer.to(buffer);
      muxer.begin(Map.of("movflags", FLAGS, "use_editlist", "0"));
      head = taken();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** What a player reads before any fragment ({@code ftyp}, {@code moov}). */
  byte[] head() {
    return head;
  }

  /** The fragment of a packet; its times are spoilt, and in microseconds of the player's time. */
  byte[] fragment(AVPacket packet) throws IOException {
    muxer.movFlags("+frag_discont"); // so that it stands where it is, not behind the one before
    muxer.write(packet);
    muxer.flush();
    return taken();
  }

  /** The bytes since the last time. */
  private byte[] taken() throws IOException {
    BytePointer data = new BytePointer();
    int size = avio_close_dyn_buf(buffer, data);
    buffer.setNull();
    byte[] bytes = new byte[size];
    data.get(bytes);
    av_free(data);
    muxer.check(avio_open_dyn_buf(buffer));
    muxer.to(buffer);
    return bytes;
  }

  @Override
  public void close() {
    if (!buffer.isNull()) {
      BytePointer data = new BytePointer();
      avio_close_dyn_buf(buffer, data);
      av_free(data);
      buffer.setNull();
    }
    muxer.close();
  }
}
