package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.onlooker.testing.SmallDisk;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./onlooker bench crash}: what kill -9, damaged files and a full disk do to the product.
 *
 * <p>It watches two looped films as cameras, recorded, and is asked without pause, while it is
 * killed again and again ({@link CrashRounds}). Then its memory is read whole, copies of its folder
 * are damaged ({@link DamageRounds}), and a small disk is filled up ({@link FullDiskRun}).
 */
@Command(name = "bench crash", mixinStandardHelpOptions = true, sortOptions = false)
final class CrashBench implements Callable<Integer> {
  private static final int ROUNDS = 200;
  private static final int ROUNDS_QUICK = 10;
  private static final String BEHIND = "the index is being built";
  private static final List<String> STREAMS = List.of("door", "yard");

  @Option(names = "--rounds", paramLabel = "N", description = "Kills (200).")
  private int rounds;

  @Option(names = "--seed", description = "Of the moments and damages (${DEFAULT-VALUE}).")
  private long seed = 20261122;

  @Option(names = "--quick", description = "10 kills, one damage for each kind of file.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  /** Returns the exit code: 0 when nothing was lost and nothing was wrong. */
  static int run(List<String> arguments) {
    return new CommandLine(new CrashBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    rounds = rounds > 0 ? rounds : quick ? ROUNDS_QUICK : ROUNDS;
    Path root = Path.of(System.getProperty("onlooker.root", "")).toAbsolutePath();
    Path work = Files.createTempDirectory(
        Files.createDirectories(root.resolve(".onlooker")), "bench-crash-");
    CrashReport report = new CrashReport();
    try {
      prepare(root, work);
      Random random = new Random(seed);
      crash(root, work, random, report);
      fullDisk(root, work, report);
    } finally {
      Folders.delete(work);
    }
    report.lines(json).forEach(System.out::println);
    return report.isMet() ? 0 : 1;
  }

  /** The films, a configuration that watches them, and one that only remembers. */
  private static void prepare(Path root, Path work) throws IOException {
    StringBuilder watching = new StringBuilder();
    for (String stream : STREAMS) {
      Path film = film(work, stream);
      Files.copy(root.resolve("testdata/demo/stream.mp4"), film);
      watching.append("  - {id: " + stream + ", source: \"" + film + "\", loop: true}\n");
    }
    String settings = """
        sources: {fileRoots: %s}
        memory: {freeSpaceFloorMegabytes: 1}
        """.formatted(work);
    Files.writeString(work.resolve("stored.yml"), settings);
    Files.writeString(work.resolve("onlooker.yml"), settings + "streams:\n" + watching);
  }

  private static Path film(Path work, String stream) {
    return work.resolve(stream + ".mp4");
  }

  private void crash(Path root, Path work, Random random, CrashReport report) throws Exception {
    System.err.println("onlooker: " + rounds + " kills, seed " + seed);
    CrashRounds crashes = new CrashRounds(root, work, STREAMS, random);
    crashes.run(rounds);
    Path data = work.resolve("data");
    StoredMemory memory = StoredMemory.read(data.resolve("memory"), data.resolve("native"));
    report.add(crashes.report(memory), behind(data.resolve("logs")));
    for (String stream : STREAMS) {
      Files.move(film(work, stream), film(work, stream + "-away"));
    }
    report.add(new DamageRounds(root, work, STREAMS, memory, random).run(quick), memory);
    for (String stream : STREAMS) {
      Files.move(film(work, stream + "-away"), film(work, stream));
    }
  }

  /** Starts after which the index still had to catch up when the product was ready. */
  private static long behind(Path logs) throws IOException {
    long behind = 0;
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.toList()) {
        try (Stream<String> lines = Files.lines(file)) {
          behind += lines.filter(line -> line.contains(BEHIND)).count();
        }
      }
    }
    return behind;
  }

  private static void fullDisk(Path root, Path work, CrashReport report) throws IOException {
    String missing = SmallDisk.missing();
    if (missing.isEmpty()) {
      System.err.println("onlooker: a full disk");
      report.add(new FullDiskRun(root, work, STREAMS).run());
    } else {
      System.err.println("onlooker: the full disk is skipped: " + missing);
    }
  }
}
