package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_flush;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avformat;

/** One MP4 file of one video track. One owner thread. */
final class Mp4Writer implements AutoCloseable {
  /** How the file is laid out. */
  enum Layout {
    /** In fragments; what was {@link #flush flushed} can be read, whatever comes after it. */
    FRAGMENTED("frag_custom+empty_moov+default_base_moof"),
    /** As one whole, its index in front: what every player and browser takes. */
    FAST_START("faststart");

    private final String flags;

    Layout(String flags) {
      this.flags = flags;
    }
  }

  private final AVIOContext file = new AVIOContext(null);
  private final Mp4Muxer muxer;

  private Mp4Writer(Mp4Muxer muxer) {
    this.muxer = muxer;
  }

  /** Makes the file and writes its head. */
  static Mp4Writer create(Path path, AVCodecParameters parameters, Layout layout)
      throws IOException {
    String url = "file:" + path;
    Mp4Writer writer = new Mp4Writer(new Mp4Muxer(url, parameters));
    try {
      writer.muxer.check(avio_open2(
          writer.file, url, avformat.AVIO_FLAG_WRITE, (AVIOInterruptCB) null, (AVDictionary) null));
      writer.muxer.to(writer.file);
      writer.muxer.begin(Map.of("movflags", layout.flags));
      return writer;
    } catch (IOException e) {
      writer.close();
      throw e;
    }
  }

  /** As {@link Mp4Muxer#write}. */
  void write(AVPacket packet) throws IOException {
    muxer.write(packet);
  }

  /** Ends the fragment; from here on its packets survive the death of the process. */
  void flush() throws IOException {
    muxer.flush();
    flushFile();
  }

  private void flushFile() throws IOException {
    avio_flush(file);
    muxer.check(file.error());
  }

  /** Bytes written so far. */
  long bytes() {
    return file.pos();
  }

  /** Completes the file, which is still to be closed. */
  void finish() throws IOException {
    muxer.finish();
    flushFile();
  }

  @Override
  public void close() {
    if (!file.isNull()) {
      avio_closep(file);
    }
    muxer.close();
  }
}
