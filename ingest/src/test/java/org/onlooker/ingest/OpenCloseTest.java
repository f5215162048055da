package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.FrameSource;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

class OpenCloseTest {
  private static final Path RESIDENT = Path.of("/proc/self/statm");
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final long PAGE_BYTES = 4096;
  private static final long GROWTH_MAX = 24L << 20;

  @TempDir
  static Path folder;

  private static Path clip;

  @BeforeAll
  static void makeClip() throws Exception {
    clip = folder.resolve("clip.mp4");
    FfmpegProgram.run(
        "-f lavfi -i testsrc2=size=336x192:rate=25:duration=2 -c:v libopenh264 -g 25", clip);
  }

  @Test
  void openAndClose_200Times_leavesNoMemoryAndNoFiles() throws Exception {
    assumeThat(RESIDENT).exists();
    openReadClose(60);
    long memoryBefore = residentBytes();
    long filesBefore = openFiles();
    openReadClose(200);
    assertThat(residentBytes() - memoryBefore).isLessThan(GROWTH_MAX);
    assertThat(openFiles()).isLessThanOrEqualTo(filesBefore + 2);
  }

  private static void openReadClose(int times) throws SourceException {
    for (int i = 0; i < times; i++) {
      try (FrameSource source = Sources.file(clip, Sources.SMALL, 2)) {
        source.open();
        assertThat(source.next()).isPresent();
      }
    }
  }

  @Test
  void close_atAnyMomentOfReading_freesWithoutACrash() throws Exception {
    Random random = new Random(11);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 150; round++) {
        FrameSource source = Sources.file(clip, Sources.SMALL, 30);
        Future<SourceError> reading = executor.submit(() -> readToTheEnd(source));
        LockSupport.parkNanos(random.nextLong(20_000_000));
        source.close();
        assertThat(reading.get(5, TimeUnit.SECONDS)).isEqualTo(SourceError.ENDED);
      }
    }
  }

  private static SourceError readToTheEnd(FrameSource source) {
    try {
      source.open();
      while (true) {
        source.next(); // stays empty at the end until it is closed
      }
    } catch (SourceException e) {
      return e.error();
    }
  }

  private static long residentBytes() throws IOException {
    return Long.parseLong(Files.readString(RESIDENT).split(" ")[1]) * PAGE_BYTES;
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files.count();
    }
  }
}
