package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/**
 * Kills a writing process (SIGKILL where there is one) again and again, and opens what it left:
 * every acknowledged clip is there and whole, at most the one clip being written at the kill is
 * there without having been acknowledged, and nothing is torn.
 */
final class CrashTest {
  private static final int ROUNDS = 20;
  private static final int ACKNOWLEDGED_MAX = 400;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long SEED = 20261121;

  @TempDir
  Path folder;

  @Test
  void kill_whileAppending_losesNothingAcknowledged() throws Exception {
    Random random = new Random(SEED);
    Map<String, Long> next = new HashMap<>();
    CrashWriter.STREAMS.forEach(stream -> next.put(stream, 0L));
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Long> acknowledged = new HashMap<>(next);
      writeAndKill(random.nextInt(ACKNOWLEDGED_MAX), random.nextInt(300_000), acknowledged);
      try (RocksMemoryStore store =
          RocksMemoryStore.open(folder, TestFolders.natives(), TestFolders.options())) {
        for (String stream : CrashWriter.STREAMS) {
          long stored = store.nextSequence(new StreamId(stream));
          assertThat(stored)
              .as("seed %d, round %d, %s", SEED, round, stream)
              .isBetween(acknowledged.get(stream), acknowledged.get(stream) + 1);
          for (long sequence = next.get(stream); sequence < stored; sequence++) {
            ClipCheck.assertWhole(store, stream, sequence);
          }
          next.put(stream, stored);
        }
        assertThat(store.damagedCount()).isZero();
      }
    }
    assertAllThere(next);
  }

  private void assertAllThere(Map<String, Long> next) {
    try (RocksMemoryStore store =
        RocksMemoryStore.open(folder, TestFolders.natives(), TestFolders.options())) {
      for (String stream : CrashWriter.STREAMS) {
        assertThat(next.get(stream)).isGreaterThan(ROUNDS);
        assertThat(store.entries(new StreamId(stream), Span.ALL))
            .hasSize(next.get(stream).intValue());
      }
    }
  }

  /** Kills the writer after some acknowledgements and a little while; notes all it printed. */
  private void writeAndKill(int after, int nanos, Map<String, Long> acknowledged)
      throws IOException, InterruptedException {
    Process writer = new ProcessBuilder(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            CrashWriter.class.getName(),
            folder.toString(),
            TestFolders.natives().toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    try (BufferedReader lines = writer.inputReader()) {
      String line = lines.readLine();
      assertThat(line).as("first acknowledgement").isNotNull();
      for (int count = 0; line != null; count++) {
        String[] words = line.split(" ");
        acknowledged.put(words[0], Long.parseLong(words[1]) + 1);
        if (count == after) {
          LockSupport.parkNanos(nanos);
          writer.toHandle().destroyForcibly(); // leaves the pipe to be read to its end
        }
        line = lines.readLine();
      }
    } finally {
      writer.destroyForcibly();
    }
    assertThat(writer.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }
}
