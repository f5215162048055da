package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.onlooker.app.config.Key;
import org.onlooker.bench.MemoryAxis.Variant;
import org.onlooker.core.FileTree;
import org.onlooker.core.Tiers;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ./onlooker bench memory}: from the default, one axis at a time, what is kept of drawn
 * worlds and how well questions are answered from it.
 *
 * <p>Each variant is an {@link AnswersProcess} on the same worlds with the same questions.
 */
@Command(name = "bench memory", mixinStandardHelpOptions = true, sortOptions = false)
final class MemoryBench implements Callable<Integer> {
  @Mixin
  private final WorldsOption worldsOption = new WorldsOption();

  @Option(
      names = "--axis",
      split = ",",
      description = "Axes to change: ${COMPLETION-CANDIDATES} (all).")
  private List<MemoryAxis> axes = List.of(MemoryAxis.values());

  @Option(names = "--quick", description = "At most 80 questions.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  static int run(List<String> arguments) {
    return new CommandLine(new MemoryBench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    Path work = Folders.work("memory");
    try {
      MemoryReport report = new MemoryReport(answered(root, work, Variant.DEFAULT), defaultTiers());
      for (MemoryAxis axis : axes) {
        for (Variant variant : axis.variants()) {
          report.add(axis, variant, answered(root, work, variant));
        }
      }
      (json ? report.jsonLines() : report.tableLines()).forEach(System.out::println);
      return 0;
    } finally {
      FileTree.delete(work);
    }
  }

  private static Tiers defaultTiers() {
    long minutes = Long.parseLong(Key.MEMORY_BLOCK_MINUTES.defaultText());
    return Tiers.ofBlocks(Duration.ofMinutes(minutes));
  }

  private AnsweredWorlds answered(Path root, Path work, Variant variant)
      throws IOException, InterruptedException {
    System.err.println("onlooker: watching with " + describe(variant));
    return new AnswersProcess(root, worldsOption.folders(), quick)
        .run(work, variant.name(), policies(variant), variant.settings());
  }

  private String policies(Variant variant) {
    return variant.equals(Variant.DEFAULT)
        ? axes.contains(MemoryAxis.POLICY) ? "all" : "onlooker,oracle,recent"
        : MemoryReport.POLICY;
  }

  private static String describe(Variant variant) {
    Map<String, String> settings = new LinkedHashMap<>(variant.settings());
    return settings.isEmpty() ? "the defaults" : variant.name() + " " + settings;
  }
}
