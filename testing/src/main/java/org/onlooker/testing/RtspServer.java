package org.onlooker.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A real RTSP server (GStreamer's) in a process of its own, that can be frozen, killed and started
 * again at the same address.
 */
public final class RtspServer implements AutoCloseable {
  private static final String PYTHON = "/usr/bin/python3";
  private static final String PROBE = """
      import gi
      gi.require_version("Gst", "1.0")
      gi.require_version("GstRtspServer", "1.0")
      from gi.repository import Gst, GstRtspServer
      Gst.init(None)
      assert all(map(Gst.ElementFactory.find, ["qtdemux", "h264parse", "rtph264pay"]))
      """;

  private final Path file;
  private Process process;
  private int port;

  private RtspServer(Path file) throws IOException {
    this.file = file;
    this.process = launch();
  }

  /** Why it cannot run on this machine, in words for a skipped test; empty when it can. */
  public static String missing() {
    String packages = "no RTSP server: install python3-gi gir1.2-gst-rtsp-server-1.0"
        + " gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad";
    if (!Files.isExecutable(Path.of(PYTHON))) {
      return packages;
    }
    try {
      Process probe = new ProcessBuilder(PYTHON, "-c", PROBE)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      boolean ended = probe.waitFor(20, TimeUnit.SECONDS);
      probe.destroyForcibly();
      return ended && probe.exitValue() == 0 ? "" : packages;
    } catch (IOException e) {
      return packages;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return packages;
    }
  }

  /** Serves an H.264 MP4 file once through for all clients; returns when they may connect. */
  public static RtspServer start(Path file) throws IOException {
    return new RtspServer(file);
  }

  public String url() {
    return "rtsp://127.0.0.1:" + port + "/cam";
  }

  /** Stops the process in mid-breath: connections stay open and nothing comes. */
  public void freeze() throws IOException {
    signal("STOP");
  }

  public void thaw() throws IOException {
    signal("CONT");
  }

  /** Ends the process without a goodbye; returns when it is gone. */
  public void kill() throws IOException {
    signal("KILL");
    awaitEnd();
  }

  /** Starts it again at the same address, from the start of the file. */
  public void restart() throws IOException {
    process.destroyForcibly();
    awaitEnd();
    process = launch();
  }

  private Process launch() throws IOException {
    Process started = new ProcessBuilder(
            PYTHON, "-c", script(), file.toString(), Integer.toString(port))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
    String line = output.readLine();
    if (line == null) {
      started.destroyForcibly();
      throw new IOException("the RTSP server did not start on port " + port);
    }
    port = Integer.parseInt(line);
    return started;
  }

  private static String script() throws IOException {
    try (InputStream in = RtspServer.class.getResourceAsStream("rtsp_server.py")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void signal(String name) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
        .inheritIO()
        .start();
    try {
      if (kill.waitFor() != 0) {
        throw new IOException("kill -" + name + " failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private void awaitEnd() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitEnd();
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
