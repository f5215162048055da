package org.onlooker.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code onlooker export STREAM --from --to FILE}: what the source sent in a stretch, as a file.
 * The file has its name once it is whole.
 */
@Command(
    name = "export",
    description = "Save what a stream recorded in a stretch of time as one MP4 file.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final double MEGABYTE = 1e6;

  @Mixin
  private final Client client = new Client();

  @Parameters(index = "0", paramLabel = "STREAM", description = "Name of the stream.")
  private String stream = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "Where to, e.g. door.mp4.")
  private Path file = Path.of("");

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description = "14:05, \"2026-11-22 14:05\", \"10 minutes ago\" or seconds of media time.")
  private String from = "";

  @Option(names = "--to", required = true, paramLabel = "TIME", description = "As --from.")
  private String to = "";

  @Option(names = "--force", description = "Replace the file where there is one.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    requireRoom();
    HttpResponse<InputStream> clip = client.download(address());
    long bytes = clip.headers().firstValueAsLong("Content-Length").orElse(0);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (InputStream in = clip.body()) {
      save(in, part, bytes);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
    print(clip, bytes);
    return ExitCode.OK.code;
  }

  private void requireRoom() throws ClientException {
    if (Files.isDirectory(file)) {
      throw new ClientException(ExitCode.USAGE, file + " is a folder; name a file in it");
    }
    if (Files.exists(file) && !force) {
      throw new ClientException(
          ExitCode.USAGE, file + " exists; choose another name, or replace it with --force");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ClientException(ExitCode.USAGE, "there is no folder " + folder + " to write to");
    }
  }

  private String address() throws Exception {
    JsonNode known = client.get(StreamsCommand.address(stream));
    Instant startTime = Instant.parse(known.path("startTime").asText());
    double start = seconds(known, "--from", from, startTime);
    double end = seconds(known, "--to", to, startTime);
    if (start >= end) {
      throw new ClientException(
          ExitCode.USAGE, "--to " + to + " is not after --from " + from + ", or before the stream");
    }
    return String.format(
        Locale.ROOT,
        "%s/clip.mp4?start=%.3f&end=%.3f&download=1",
        StreamsCommand.address(stream),
        start,
        end);
  }

  private static double seconds(JsonNode known, String option, String typed, Instant startTime)
      throws ClientException {
    return TypedTime.read(
            typed, option, StreamsCommand.isRecording(known), Instant.now(), ZoneId.systemDefault())
        .seconds(startTime);
  }

  private void save(InputStream in, Path part, long bytes) throws ClientException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long saved = 0;
    try (OutputStream out = Files.newOutputStream(part)) {
      for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
        out.write(buffer, 0, read);
        saved += read;
        tell(saved, bytes);
      }
    } catch (IOException e) {
      throw new ClientException(
          ExitCode.FAILED,
          file + " cannot be written: " + e.getMessage() + " (" + megabytes(bytes)
              + " are needed); make room or choose another disk");
    }
    if (saved < bytes) {
      throw lost();
    }
  }

  private static int read(InputStream in, byte[] buffer) throws ClientException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw lost();
    }
  }

  private static ClientException lost() {
    return new ClientException(
        ExitCode.UNREACHABLE, "the server closed the connection too early; nothing was saved");
  }

  /** On a terminal, how far it is. */
  private void tell(long saved, long bytes) {
    if (System.console() != null && System.console().isTerminal() && !client.printsJson()) {
      System.err.print(
          "\r" + megabytes(saved) + " of " + megabytes(bytes) + (saved < bytes ? "" : "\n"));
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / MEGABYTE);
  }

  private void print(HttpResponse<InputStream> clip, long bytes) {
    double start = header(clip, "Onlooker-Start");
    double end = header(clip, "Onlooker-End");
    if (client.printsJson()) {
      ObjectNode json = Client.JSON.createObjectNode();
      System.out.println(json.put("file", file.toAbsolutePath().toString())
          .put("bytes", bytes)
          .put("start", start)
          .put("end", end));
      return;
    }
    System.out.println("saved " + file + ": " + Moments.media(start) + " - " + Moments.media(end)
        + " of " + stream + ", " + megabytes(bytes));
  }

  private static double header(HttpResponse<InputStream> clip, String name) {
    return clip.headers().firstValue(name).map(Double::parseDouble).orElse(0.0);
  }
}
