package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.onlooker.core.FileTree;
import org.onlooker.testing.HostileSocket;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./onlooker bench sockets}: 50 viewers of the live picture and 50 askers over WebSocket
 * against the product in a process of its own, which watches two looped films. It is first left
 * alone; half-way through, two clients stop reading. {@code --fuzz} sends hostile messages instead,
 * while somebody else asks.
 */
@Command(name = "bench sockets", mixinStandardHelpOptions = true, sortOptions = false)
final class SocketsBench implements Callable<Integer> {
  private static final String NAME = "sockets";
  private static final int CLIENTS = 50;
  private static final int MESSAGES = 100_000;
  private static final int MESSAGES_QUICK = 10_000;
  private static final int PARTS = 10;
  private static final List<String> STREAMS = List.of("door", "yard");
  private static final double MEMORY_GROWTH_MAX = 1.1;
  private static final double MEBI = 1 << 20;

  @Option(names = "--fuzz", description = "100,000 hostile messages instead of the load.")
  private boolean fuzz;

  @Option(names = "--seed", description = "Of pauses and messages (${DEFAULT-VALUE}).")
  private long seed = 20261122;

  @Option(names = "--quick", description = "One minute instead of ten, 10,000 messages.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  private final List<Figure> figures = new ArrayList<>();

  /** How long: until it is warm, alone, and each half under load. */
  private record Times(Duration warm, Duration alone, Duration half) {
    static final Times QUICK =
        new Times(Duration.ofSeconds(30), Duration.ofSeconds(20), Duration.ofSeconds(30));
    static final Times WHOLE =
        new Times(Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMinutes(5));
  }

  /** Returns the exit code: 0 when all goals are met. */
  static int run(List<String> arguments) {
    return new CommandLine(new SocketsBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    Path work = Folders.work(NAME);
    try {
      Path film = Folders.demo().resolve("stream.mp4");
      StringBuilder config =
          new StringBuilder("sources: {fileRoots: " + film.getParent() + "}\nstreams:\n");
      for (String stream : STREAMS) {
        config.append("  - {id: " + stream + ", source: \"" + film + "\", loop: true}\n");
      }
      Files.writeString(work.resolve("onlooker.yml"), config);
      List<String> questions = World.readAll(List.of(film.getParent()))
          .getFirst()
          .questionsAlone()
          .map((JsonNode question) -> question.path("question").asText())
          .toList();
      try (ProductRun product =
          ProductRun.start(root, work.resolve("data"), work.resolve("onlooker.yml"))) {
        if (!product.awaitReady()) {
          throw new IOException("the product does not start: " + product.said());
        }
        if (fuzz) {
          fuzz(product, questions);
        } else {
          load(product, questions, quick ? Times.QUICK : Times.WHOLE);
        }
      }
    } finally {
      FileTree.delete(work);
    }
    figures.forEach(figure -> System.out.println(json ? figure.json() : figure.row()));
    return figures.stream().allMatch(Figure::isMet) ? 0 : 1;
  }

  private SocketLoad clients(ProductRun product, List<String> questions, int count)
      throws IOException, InterruptedException {
    return new SocketLoad(product.address(), STREAMS, questions, count, new Random(seed));
  }

  private void load(ProductRun product, List<String> questions, Times times) throws Exception {
    System.err.println("onlooker: seed " + seed + ", warming up");
    try (SocketLoad load = clients(product, questions, CLIENTS)) {
      load.measure(times.warm());
      load.finish();
    }
    System.err.println("onlooker: nobody is connected");
    Frames start = frames(product);
    TimeUnit.NANOSECONDS.sleep(times.alone().toNanos());
    Frames alone = frames(product).since(start);
    System.err.println("onlooker: " + CLIENTS + " viewers and " + CLIENTS + " askers");
    double memory = product.rssAnonBytes() / MEBI;
    try (SocketLoad load = clients(product, questions, CLIENTS)) {
      Frames loadStart = frames(product);
      SocketTally first = load.measure(times.half());
      System.err.println("onlooker: and two clients that do not read");
      load.addStalled();
      SocketTally second = load.measure(times.half());
      Frames loaded = frames(product).since(loadStart);
      load.finish();
      report(first, second);
      addDropped(loaded, alone);
      double end = product.rssAnonBytes() / MEBI;
      add("RssAnon at the end", end, "MiB", "at the start", memory, Optional.of(MEMORY_GROWTH_MAX));
      double seconds = 2.0 * times.half().toSeconds();
      double rate = load.liveBytes() * 8 / seconds / CLIENTS / 1e6;
      add("live video a viewer", rate, "Mbit/s", "all of them", rate * CLIENTS, Optional.empty());
    }
  }

  private void report(SocketTally before, SocketTally stalled) {
    SocketTally.Counts first = before.counts();
    SocketTally.Counts second = stalled.counts();
    SocketTally.Counts all = first.and(second);
    before.faults().forEach(fault -> System.err.println("onlooker: " + fault));
    stalled.faults().forEach(fault -> System.err.println("onlooker: " + fault));
    Optional<Double> zero = Optional.of(0.0);
    Optional<Double> none = Optional.empty();
    add("questions answered", all.answered(), "", "asked", all.asked(), none);
    add("refused with a reason", all.refused(), "", "asked", all.asked(), none);
    add("neither", all.lost(), "", "asked", all.asked(), zero);
    add("not whole after a cut", all.torn(), "", "cuts", all.cuts(), zero);
    String reference = "all read";
    add("first token p50, two stalled", second.firstP50(), "ms", reference, first.firstP50(), none);
    add("first token p95, two stalled", second.firstP95(), "ms", reference, first.firstP95(), none);
    add("live delay p50, two stalled", second.delayP50(), "ms", reference, first.delayP50(), none);
    add("live delay p95, two stalled", second.delayP95(), "ms", reference, first.delayP95(), none);
  }

  /** Of all streams. */
  private record Frames(long sampled, long dropped) {
    Frames since(Frames before) {
      return new Frames(sampled - before.sampled, dropped - before.dropped);
    }
  }

  private static Frames frames(ProductRun product) throws IOException {
    long sampled = 0;
    long dropped = 0;
    JsonNode list = product
        .get("/api/v1/streams")
        .orElseThrow(() -> new IOException("the product does not list its streams"));
    for (JsonNode stream : list.path("streams")) {
      sampled += stream.at("/counters/framesSampled").asLong();
      dropped += stream.at("/counters/framesDropped").asLong();
    }
    return new Frames(sampled, dropped);
  }

  private void addDropped(Frames loaded, Frames alone) {
    add("frames sampled", loaded.sampled(), "", "alone", alone.sampled(), Optional.empty());
    figures.add(new Figure(
        NAME,
        "frames dropped",
        loaded.dropped(),
        "",
        "alone",
        alone.dropped(),
        (1.0 + loaded.dropped()) / (1.0 + alone.dropped()),
        Optional.of(1.0)));
  }

  private void fuzz(ProductRun product, List<String> questions) throws Exception {
    int count = quick ? MESSAGES_QUICK : MESSAGES;
    System.err.println("onlooker: " + count + " hostile messages, seed " + seed);
    URI address = URI.create(product.address().replaceFirst("^http", "ws") + "/api/v1/ws");
    try (SocketLoad others = clients(product, questions, 1);
        HttpClient http = HttpClient.newHttpClient()) {
      SocketTally tally = others.measure(Duration.ofSeconds(1));
      long start = System.nanoTime();
      HostileSocket hostile = new HostileSocket(http, address, STREAMS.getFirst(), seed);
      double memory;
      try (hostile) {
        hostile.send(count / PARTS);
        memory = product.rssAnonBytes() / MEBI;
        for (int part = 1; part < PARTS; part++) {
          hostile.send(count / PARTS);
          System.err.println("onlooker: " + (hostile.errors() + hostile.taken()) + " messages");
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      others.finish();
      long unanswered = count - hostile.errors() - hostile.taken();
      Optional<Double> none = Optional.empty();
      add("answered by an error", hostile.errors(), "", "messages", count, none);
      add("right by chance, taken", hostile.taken(), "", "messages", count, none);
      add("neither", unanswered, "", "messages", count, Optional.of(0.0));
      add("messages a second", count / seconds, "", "seconds", seconds, none);
      SocketTally.Counts counts = tally.counts();
      add("others' answers", counts.answered(), "", "asked", counts.asked(), none);
      add("others' lost", counts.lost(), "", "asked", counts.asked(), Optional.of(0.0));
      double end = product.rssAnonBytes() / MEBI;
      add("RssAnon at the end", end, "MiB", "after a tenth", memory, none);
    }
  }

  private void add(
      String figure,
      double value,
      String unit,
      String comparedWith,
      double reference,
      Optional<Double> goal) {
    double ratio = value / Math.max(1e-9, reference);
    figures.add(new Figure(NAME, figure, value, unit, comparedWith, reference, ratio, goal));
  }
}
