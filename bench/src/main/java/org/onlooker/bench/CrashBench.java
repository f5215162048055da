package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.onlooker.core.FileTree;
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

  private boolean isMet = true;

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
    Path root = Folders.root();
    Path work = Folders.work("crash");
    try {
      prepare(work);
      Random random = new Random(seed);
      StoredMemory memory = crash(root, work, random);
      damage(root, work, memory, random);
      fullDisk(root, work);
      return isMet ? 0 : 1;
    } finally {
      FileTree.delete(work);
    }
  }

  private void print(CrashReport report) {
    report.lines(json).forEach(System.out::println);
    isMet &= report.isMet();
  }

  /** The films, a configuration that watches them, and one that only remembers. */
  private static void prepare(Path work) throws IOException {
    StringBuilder watching = new StringBuilder();
    for (String stream : STREAMS) {
      Path film = film(work, stream);
      Files.copy(Folders.demo().resolve("stream.mp4"), film);
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

  /** Returns what a copy of the memory holds in the end; the folder stays as the kill left it. */
  private StoredMemory crash(Path root, Path work, Random random) throws Exception {
    System.err.println("onlooker: " + rounds + " kills, seed " + seed);
    CrashRounds crashes = new CrashRounds(root, work, STREAMS, random);
    crashes.run(rounds);
    Path data = work.resolve("data");
    Path copy = work.resolve("memory-read");
    Folders.copy(data.resolve("memory"), copy);
    StoredMemory memory = StoredMemory.read(copy, data.resolve("native"));
    CrashReport report = new CrashReport();
    report.add(crashes.report(memory), behind(data.resolve("logs")));
    print(report);
    return memory;
  }

  private void damage(Path root, Path work, StoredMemory memory, Random random) throws IOException {
    for (String stream : STREAMS) {
      Files.move(film(work, stream), film(work, stream + "-away"));
    }
    CrashReport report = new CrashReport();
    report.add(new DamageRounds(root, work, STREAMS, memory, random).run(quick), memory);
    print(report);
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

  private void fullDisk(Path root, Path work) throws IOException {
    String missing = SmallDisk.missing();
    if (missing.isEmpty()) {
      System.err.println("onlooker: a full disk");
      CrashReport report = new CrashReport();
      report.add(new FullDiskRun(root, work, STREAMS).run());
      print(report);
    } else {
      System.err.println("onlooker: the full disk is skipped: " + missing);
    }
  }
}
