package org.onlooker.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A camera that shows what time it is: GStreamer's RTSP server in a process of its own. */
final class ClockSource implements AutoCloseable {
  static final int PICTURES_PER_SECOND = 25;
  private static final String PYTHON = "/usr/bin/python3";

  private final Process process;
  private final String port;

  private ClockSource(Process process, String port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it; returns when clients may connect.
   *
   * @param groupPictures from one keyframe to the next
   */
  static ClockSource start(int groupPictures) throws IOException {
    Process process = new ProcessBuilder(PYTHON, "-c", script(), Integer.toString(groupPictures))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (line == null) {
      process.destroyForcibly();
      throw new IOException("the drawn clock did not start");
    }
    return new ClockSource(process, line);
  }

  private static String script() throws IOException {
    try (InputStream in = ClockSource.class.getResourceAsStream("clock_server.py")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  String url() {
    return "rtsp://127.0.0.1:" + port + "/clock";
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
