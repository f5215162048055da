package org.onlooker.ingest;

import java.time.Duration;

/**
 * How long a source may take.
 *
 * @param open to connect, read the headers and find the video
 * @param read for the next packet
 * @param stall for the next picture that can be decoded while packets keep coming
 */
record Limits(Duration open, Duration read, Duration stall) {
  private static final Duration STALL = Duration.ofSeconds(10);

  /** Of a disk that spins up, or a machine that has much else to do. */
  static final Limits FILE = new Limits(Duration.ofSeconds(15), Duration.ofSeconds(15), STALL);

  static final Limits RTSP = new Limits(Duration.ofSeconds(5), Duration.ofSeconds(3), STALL);
  static final Limits WEBCAM = RTSP;

  /** A live playlist is silent between its segments, which commonly last 2 to 10 s. */
  static final Limits HTTP =
      new Limits(Duration.ofSeconds(10), Duration.ofSeconds(15), Duration.ofSeconds(20));
}
