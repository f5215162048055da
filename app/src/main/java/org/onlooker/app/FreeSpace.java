package org.onlooker.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.onlooker.core.StoreException;

/** The free space of the disk that holds the data folder. */
final class FreeSpace {
  private static final long MEBIBYTE = 1 << 20;

  private FreeSpace() {}

  static long bytes(long megabytes) {
    return megabytes * MEBIBYTE;
  }

  /**
   * Makes {@code folder} and checks its disk.
   *
   * @throws StoreException with DISK_LOW when less than {@code megabytes} are free
   */
  static void require(Path folder, long megabytes) {
    long free = megabytes(folder);
    if (free < megabytes) {
      throw new StoreException(
          StoreException.Reason.DISK_LOW,
          "data folder " + folder + " has " + free + " MB of free disk and at least " + megabytes
              + " MB must stay free; make room, choose another folder with --data, or lower"
              + " memory.freeSpaceFloorMegabytes");
    }
  }

  /** Free space in MB; makes the folder when it is absent. */
  static long megabytes(Path folder) {
    try {
      Files.createDirectories(folder);
      return Files.getFileStore(folder).getUsableSpace() / MEBIBYTE;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "data folder " + folder + " cannot be made: " + e + "; choose another with --data", e);
    }
  }
}
