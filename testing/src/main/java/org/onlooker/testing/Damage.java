package org.onlooker.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** What a disk, a crash or a hand does to a file. */
public enum Damage {
  CUT_SHORT("cut short") {
    @Override
    public void to(Path file, Random random) throws IOException {
      try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
        cut.setLength(random.nextLong(Math.max(1, cut.length())));
      }
    }
  },
  ZEROED("a page of zeros") {
    @Override
    public void to(Path file, Random random) throws IOException {
      try (RandomAccessFile zeroed = new RandomAccessFile(file.toFile(), "rw")) {
        long pages = Math.max(1, Math.ceilDiv(zeroed.length(), PAGE_BYTES));
        long start = PAGE_BYTES * random.nextLong(pages);
        zeroed.seek(start);
        zeroed.write(new byte[(int) Math.min(PAGE_BYTES, zeroed.length() - start)]);
      }
    }
  },
  MISSING("missing") {
    @Override
    public void to(Path file, Random random) throws IOException {
      Files.delete(file);
    }
  },
  /** It is there and reading it fails, for root too: a folder in its place. */
  UNREADABLE("unreadable") {
    @Override
    public void to(Path file, Random random) throws IOException {
      Files.delete(file);
      Files.createDirectory(file);
    }
  };

  private static final long PAGE_BYTES = 4096;

  private final String words;

  Damage(String words) {
    this.words = words;
  }

  /** Does it to a file that is there. */
  public abstract void to(Path file, Random random) throws IOException;

  public String words() {
    return words;
  }
}
