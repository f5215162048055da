package org.onlooker.ingest;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Finds the display matrix that a container or codec gives with its pictures. */
final class DisplayMatrix {
  private static final int BYTES = 9 * Integer.BYTES;

  private DisplayMatrix() {}

  /** As the container says; upright when it says nothing. */
  static Orientation of(AVStream stream) {
    AVCodecParameters parameters = stream.codecpar();
    AVPacketSideData data = av_packet_side_data_get(
        parameters.coded_side_data(),
        parameters.nb_coded_side_data(),
        avcodec.AV_PKT_DATA_DISPLAYMATRIX);
    return data == null || data.size() < BYTES ? Orientation.UPRIGHT : read(data.data());
  }

  /** As this frame says; {@code otherwise} when it says nothing. */
  static Orientation of(AVFrame frame, Orientation otherwise) {
    AVFrameSideData data = av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_DISPLAYMATRIX);
    return data == null || data.size() < BYTES ? otherwise : read(data.data());
  }

  private static Orientation read(BytePointer data) {
    return Orientation.of(
        data.capacity(BYTES).asByteBuffer().order(ByteOrder.nativeOrder()).asIntBuffer());
  }
}
