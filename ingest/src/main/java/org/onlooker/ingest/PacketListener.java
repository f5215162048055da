package org.onlooker.ingest;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.onlooker.core.Jpeg;

/**
 * Hears the packets of one connection, on its reading thread, before they are decoded.
 *
 * <p>Life cycle: 1. {@link #opened} once; 2. {@link #packet}, {@link #unsampled} and {@link
 * #placed}; 3. {@link #close} from any thread, any number of times. No call may block: the watching
 * waits for it.
 */
interface PacketListener extends AutoCloseable {
  /** Of a connection whose packets nobody wants. */
  PacketListener NONE = new PacketListener() {
    @Override
    public void opened(AVStream stream, double frameRate) {}

    @Override
    public void packet(AVPacket packet) {}

    @Override
    public void placed(long sourceMicros, long mediaMicros) {}

    @Override
    public void close() {}
  };

  /**
   * The video was found.
   *
   * @param stream belongs to the caller and is valid during the call
   * @param frameRate frames per second; 0 when unknown
   */
  void opened(AVStream stream, double frameRate);

  /** The next packet, which stays the caller's: to keep it, take a reference. */
  void packet(AVPacket packet);

  /**
   * A live source's picture that is decoded and not sampled.
   *
   * @param snapshot makes it, if it is wanted, during the call
   */
  default void unsampled(long sourceMicros, Snapshot snapshot) {}

  /** Makes what people see of a decoded picture. */
  @FunctionalInterface
  interface Snapshot {
    Jpeg make() throws PictureException;
  }

  /** A sampled frame of the packets so far, and where it stands on the stream's media time. */
  void placed(long sourceMicros, long mediaMicros);

  @Override
  void close();
}
