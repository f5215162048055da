package org.onlooker.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A playable MP4 file, cut from segments; closing it deletes the file.
 *
 * @param span media time that it shows, to the frame; its first picture is shown at 0
 */
public record Footage(Path file, long bytes, Span span) implements AutoCloseable {
  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be deleted", e);
    }
  }
}
