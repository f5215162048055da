package org.onlooker.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.FileTree;
import org.onlooker.core.IndexFeed;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.retrieval.LuceneMemoryIndex;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./onlooker bench recall}: the index over a {@link RecallCorpus} against the exact scan of
 * the same clips. The corpus is made once and kept; the index is rebuilt from it in each run, on
 * the way that the product takes when its index is gone.
 */
@Command(name = "bench recall", mixinStandardHelpOptions = true, sortOptions = false)
final class RecallBench implements Callable<Integer> {
  private static final String NAME = "recall";
  private static final String EXACT = "exact scan";
  private static final double MISSED_MAX = 0.02;
  private static final double MILLIS_MAX = 20;
  private static final int HEAP_BYTES_PER_CLIP = 2_600; // of the exact scan
  private static final int QUESTIONS = 64;
  private static final int WARM_UP = 32;
  private static final int EXACT_RUNS = 3;
  private static final int ADDED = 2_000;
  private static final int ADDED_TOGETHER = 5;
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root", "."));

  @Option(names = "--clips", paramLabel = "N", description = "Clips of the long stream (1000000).")
  private int clips;

  @Option(names = "--keep", paramLabel = "DIR", description = "Where the corpus is kept.")
  private Path keep = ROOT.resolve(".onlooker").resolve("bench");

  @Option(names = "--quick", description = "100000 clips.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  private final RecallCorpus corpus = new RecallCorpus();
  private final RecallQuestions questions = new RecallQuestions(corpus);
  private final List<Figure> figures = new ArrayList<>();

  /** Returns the exit code: 0 when every goal is met. */
  static int run(List<String> arguments) {
    return new CommandLine(new RecallBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    clips = clips > 0 ? clips : quick ? 100_000 : 1_000_000;
    long needed = (long) clips * HEAP_BYTES_PER_CLIP * 5 / 4;
    if (Runtime.getRuntime().maxMemory() < needed) {
      System.err.printf(
          "onlooker: the exact scan of %d clips takes %d MB of heap; set ONLOOKER_HEAP=%dm%n",
          clips, needed >> 20, (needed >> 20) * 3 / 2);
      return 2;
    }
    Path folder = keep.resolve("recall-" + clips);
    try (RocksMemoryStore store = corpusIn(folder)) {
      measure(store, folder.resolve("index"));
    }
    if (json) {
      figures.forEach(figure -> System.out.println(figure.json()));
    } else {
      System.out.printf(
          "recall over %d clips of a stream and %d of seven others:%n", clips, clips / 4);
      figures.forEach(figure -> System.out.println(figure.row()));
    }
    return figures.stream().allMatch(Figure::isMet) ? 0 : 1;
  }

  private RocksMemoryStore corpusIn(Path folder) throws IOException {
    Path complete = folder.resolve("complete");
    if (!Files.exists(complete)) {
      FileTree.delete(folder);
    }
    Path natives = ROOT.resolve(".onlooker").resolve("native");
    RocksMemoryStore store =
        RocksMemoryStore.open(folder.resolve("memory"), natives, RocksOptions.defaults());
    if (!Files.exists(complete)) {
      corpus.build(store, clips);
      Files.createFile(complete);
    }
    return store;
  }

  private void measure(RocksMemoryStore store, Path folder) throws IOException {
    FileTree.delete(folder);
    double exactSeconds;
    ExactMemoryIndex exact = new ExactMemoryIndex(RecallCorpus.FINGERPRINT);
    try (LuceneMemoryIndex index = LuceneMemoryIndex.open(folder, RecallCorpus.FINGERPRINT)) {
      double seconds = feed(store, index);
      exactSeconds = feed(store, exact);
      figure("rebuild", clips * 1.25 / seconds, "clip/s", EXACT, clips * 1.25 / exactSeconds);
    }
    long bytes = bytes(folder);
    figure("index", bytes / (clips * 1.25), "B/clip", "embedding", 4.0 * 128);
    long start = System.nanoTime();
    try (LuceneMemoryIndex index = LuceneMemoryIndex.open(folder, RecallCorpus.FINGERPRINT)) {
      double opened = (System.nanoTime() - start) / 1e6;
      index.commit();
      figure("open", opened, "ms", "and made ready", (System.nanoTime() - start) / 1e6);
      nearest(index, exact);
      asked(index, exact);
      added(index);
      memory(index);
      removed(index);
    }
  }

  private static double feed(RocksMemoryStore store, MemoryIndex index) {
    long start = System.nanoTime();
    Stream.concat(Stream.of(RecallCorpus.DOOR), RecallCorpus.OTHERS.stream())
        .forEach(stream -> new IndexFeed(stream, store, index).catchUp());
    index.commit();
    return (System.nanoTime() - start) / 1e9;
  }

  private void figure(String name, double value, String unit, String with, double reference) {
    figures.add(
        new Figure(NAME, name, value, unit, with, reference, value / reference, Optional.empty()));
  }

  private void goal(
      String name, double value, String unit, String with, double reference, double most) {
    figures.add(
        new Figure(NAME, name, value, unit, with, reference, value / reference, Optional.of(most)));
  }

  private void nearest(MemoryIndex index, MemoryIndex exact) {
    nearest(index, exact, "all", RecallCorpus.DOOR, Optional.empty(), QUESTIONS);
    nearest(index, exact, "a day", RecallCorpus.DOOR, Optional.of(86_400L), QUESTIONS / 2);
    nearest(index, exact, "an hour", RecallCorpus.DOOR, Optional.of(3_600L), QUESTIONS / 2);
    nearest(index, exact, "a minute", RecallCorpus.DOOR, Optional.of(60L), QUESTIONS / 2);
    nearest(
        index,
        exact,
        "a small stream",
        RecallCorpus.OTHERS.getFirst(),
        Optional.empty(),
        QUESTIONS / 2);
  }

  private void nearest(
      MemoryIndex index,
      MemoryIndex exact,
      String scope,
      StreamId stream,
      Optional<Long> seconds,
      int count) {
    questions.nearest(index, index, stream, clips, seconds, WARM_UP);
    var found = questions.nearest(index, exact, stream, clips, seconds, count);
    goal(scope + ": missed of 16", found.missed(), "share", EXACT, 1, MISSED_MAX);
    figure(scope + ": p50", found.ours().at(0.5), "CPU ms", EXACT, found.exact().at(0.5));
    goal(scope + ": p95", found.ours().at(0.95), "CPU ms", "20 ms", MILLIS_MAX, 1);
  }

  /** What the product asks: by name, by each order; the commonest thing by itself. */
  private void asked(MemoryIndex index, MemoryIndex exact) {
    time("by words, best", index, exact, () -> questions.worded(questions.anyThing()));
    for (RecallQuery.Order order : RecallQuery.Order.values()) {
      String name = "by name, " + order.name().toLowerCase(Locale.ROOT);
      time(name, index, exact, () -> questions.asked(questions.anyThing(), order));
      time(name + ", common", index, exact, () -> questions.asked(0, order));
    }
    Percentiles names = new Percentiles();
    for (int i = 0; i < WARM_UP; i++) {
      names.ofCpu(() -> index.names(4096));
    }
    figure("names: p50", names.at(0.5), "CPU ms", "p95", names.at(0.95));
  }

  private void time(
      String name, MemoryIndex index, MemoryIndex exact, Supplier<RecallQuery> query) {
    Percentiles ours = new Percentiles();
    Percentiles theirs = new Percentiles();
    for (int i = 0; i < WARM_UP; i++) {
      index.recall(query.get());
    }
    for (int i = 0; i < QUESTIONS / 2; i++) {
      RecallQuery asked = query.get();
      ours.ofCpu(() -> index.recall(asked));
    }
    for (int i = 0; i < EXACT_RUNS; i++) {
      RecallQuery asked = query.get();
      theirs.ofCpu(() -> exact.recall(asked));
    }
    figure(name + ": p50", ours.at(0.5), "CPU ms", EXACT, theirs.at(0.5));
    figure(name + ": p95", ours.at(0.95), "CPU ms", "20 ms", MILLIS_MAX);
  }

  /** Clips added while another thread commits, 25 times as often as the product does. */
  private void added(MemoryIndex index) throws IOException {
    Percentiles adding = new Percentiles();
    Percentiles refreshing = new Percentiles();
    Percentiles fresh = new Percentiles();
    Random random = new Random(3);
    try (ScheduledExecutorService commits = Executors.newSingleThreadScheduledExecutor()) {
      commits.scheduleWithFixedDelay(index::commit, 200, 200, TimeUnit.MILLISECONDS);
      for (int i = 0; i < ADDED; i++) {
        ClipEntry clip = corpus.added(RecallCorpus.DOOR, clips + i, random).entry();
        adding.ofClock(() -> index.add(clip));
        if (i % ADDED_TOGETHER == ADDED_TOGETHER - 1) {
          RecallQuery small = questions.small(questions.anyThing(), random.nextInt(clips));
          refreshing.ofClock(() -> index.recall(small));
          fresh.ofClock(() -> index.recall(small));
        }
      }
    }
    figure("add: p50", adding.at(0.5), "ms", "p99", adding.at(0.99));
    figure("refresh, 5 clips: p50", refreshing.at(0.5), "ms", "nothing new", fresh.at(0.5));
    figure("refresh, 5 clips: p95", refreshing.at(0.95), "ms", "nothing new", fresh.at(0.95));
  }

  private void removed(MemoryIndex index) {
    long start = System.nanoTime();
    index.remove(RecallCorpus.DOOR, Span.ofSeconds(0, 3_600));
    double first = (System.nanoTime() - start) / 1e6;
    start = System.nanoTime();
    index.remove(RecallCorpus.DOOR, Span.ofSeconds(0, 7_200));
    figure(
        "remove the oldest hour", first, "ms", "the next one", (System.nanoTime() - start) / 1e6);
  }

  private void memory(MemoryIndex index) throws IOException {
    System.gc();
    double heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
    figure("heap with the exact scan", heap, "MB", "RssAnon", Measures.rssAnon() / 1048576.0);
    index.commit();
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long sum = 0;
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
