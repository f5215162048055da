package org.onlooker.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.onlooker.core.StoreException;

/**
 * The free space that must stay on a folder's disk.
 *
 * @param freeBytesMin below it nothing more is written
 */
record DiskRoom(Path folder, long freeBytesMin) {
  private static final long MEBIBYTE = 1 << 20;

  /**
   * @throws StoreException with DISK_LOW when less is free
   * @throws IOException when the disk does not say
   */
  void require() throws IOException {
    requireFor(0);
  }

  /** As {@link #require}, once {@code bytes} more are written. */
  void requireFor(long bytes) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free - bytes < freeBytesMin) {
      String wanted = bytes == 0 ? "" : bytes / MEBIBYTE + " MB are to be written, ";
      throw new StoreException(
          StoreException.Reason.DISK_LOW,
          wanted + "the disk of " + folder + " has " + free / MEBIBYTE + " MB left and at least "
              + freeBytesMin / MEBIBYTE + " MB must stay free; make room");
    }
  }
}
