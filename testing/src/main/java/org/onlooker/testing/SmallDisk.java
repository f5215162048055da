package org.onlooker.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file system of a few megabytes in memory (Linux's tmpfs), to be filled up by a file that is
 * nobody's. Mounting it takes root.
 */
public final class SmallDisk implements AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;
  private static final int STEP_BYTES = 4096;
  private static final long PATIENCE_SECONDS = 20;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Why there can be none on this machine, in words for a skipped test; empty when there can. */
  public static String missing() {
    try {
      Path folder = Files.createTempDirectory("small-disk");
      try (SmallDisk disk = mount(folder, 1)) {
        return "";
      } finally {
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      return "no small file system: mounting one takes root on Linux (" + e.getMessage() + ")";
    }
  }

  /**
   * @param folder made when it is absent
   * @throws IOException where mounting is not permitted, with what the system said
   */
  public static SmallDisk mount(Path folder, int mebibytes) throws IOException {
    Files.createDirectories(folder);
    run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", folder.toString());
    return new SmallDisk(folder);
  }

  public Path folder() {
    return folder;
  }

  /** Writes a file of another program until so many bytes are left; 0 for none at all. */
  public void fill(long bytesLeft) throws IOException {
    byte[] zeros = new byte[MEBIBYTE];
    try (OutputStream out = Files.newOutputStream(other())) {
      long over = free() - bytesLeft;
      while (over >= STEP_BYTES) {
        out.write(zeros, 0, (int) Math.min(over, zeros.length));
        over = free() - bytesLeft;
      }
    }
  }

  /** Deletes that file. */
  public void makeRoom() throws IOException {
    Files.deleteIfExists(other());
  }

  private Path other() {
    return folder.resolve("another-program.bin");
  }

  private long free() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> said = process.inputReader().lines().toList();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ": " + String.join("; ", said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Takes it out of the tree at once; its memory is given back when nobody uses it any more. */
  @Override
  public void close() throws IOException {
    run("umount", "-l", folder.toString());
  }
}
