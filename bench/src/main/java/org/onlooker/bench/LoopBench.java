package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.onlooker.core.FileTree;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./onlooker bench loop}: the product beside a straightforward loop in Python
 * ({@code bench/python/rekv_loop.py}: ReKV as published), same pack, same stream, same questions,
 * each in a process of its own, one after the other.
 *
 * <p>The loop keeps everything in memory and does less: no captions, no thumbnails, no index,
 * nothing on disk. Its sessions have one thread, as the product's on two cores.
 */
@Command(name = "bench loop", mixinStandardHelpOptions = true, sortOptions = false)
final class LoopBench implements Callable<Integer> {
  private static final String NAME = "loop";
  private static final String REKV = "rekv";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--world",
      paramLabel = "DIR",
      description = "A world's folder; default the demo stream.")
  private Path world = Folders.demo();

  @Option(
      names = "--python",
      paramLabel = "PROGRAM",
      description = "Python with numpy, onnxruntime, tokenizers and av (${DEFAULT-VALUE}).")
  private String python = "python3";

  @Option(names = "--quick", description = "At most 80 questions.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  /** What the loop said of its watching. */
  private record Loop(Tally tally, JsonNode measures) {
    double of(String measure) {
      return measures.path(measure).asDouble();
    }
  }

  private record Compared(
      String figure, String unit, double product, double rekv, double loop, int decimals) {
    String row() {
      String number = "%." + decimals + "f";
      return String.format(
          Locale.ROOT,
          "%-26s %-8s %12s %12s %12s %10.2f",
          figure,
          unit,
          String.format(Locale.ROOT, number, product),
          Double.isNaN(rekv) ? "" : String.format(Locale.ROOT, number, rekv),
          String.format(Locale.ROOT, number, loop),
          product / loop);
    }

    String line() {
      return JSON.createObjectNode()
          .put("bench", NAME)
          .put("figure", figure)
          .put("value", product)
          .put("unit", unit)
          .put("comparedWith", "python loop")
          .put("reference", loop)
          .put("ratio", product / loop)
          .toString();
    }
  }

  static int run(List<String> arguments) {
    return new CommandLine(new LoopBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    Path work = Folders.work("loop");
    try {
      System.err.println("onlooker: the loop watches and answers");
      Loop loop = loop(root, work);
      System.err.println("onlooker: the product watches and answers");
      AnsweredWorlds product = new AnswersProcess(root, List.of(world), quick)
          .run(work, "product", MemoryReport.POLICY + "," + REKV, Map.of());
      print(compared(product, loop));
      return 0;
    } finally {
      FileTree.delete(work);
    }
  }

  private Loop loop(Path root, Path work) throws IOException, InterruptedException {
    Path out = work.resolve("loop.jsonl");
    List<String> command = new ArrayList<>(List.of(
        python,
        root.resolve("bench/python/rekv_loop.py").toString(),
        "--pack",
        root.resolve("models/onlooker-mini").toString(),
        "--world",
        world.toString(),
        "--out",
        out.toString()));
    if (quick) {
      command.addAll(List.of("--questions", String.valueOf(AnswersBench.QUICK_QUESTIONS)));
    }
    AnswersProcess.run(command, work.resolve("loop.log"));
    Map<String, JsonNode> questions = new HashMap<>();
    World.readAll(List.of(world))
        .getFirst()
        .questions()
        .forEach(question -> questions.put(question.path("id").asText(), question));
    Tally tally = new Tally();
    JsonNode measures = JSON.nullNode();
    for (String line : Files.readAllLines(out)) {
      JsonNode said = JSON.readTree(line);
      if (said.has("measures")) {
        measures = said.path("measures");
      } else {
        tally.add(Scored.of(questions.get(said.path("id").asText()), said));
      }
    }
    return new Loop(tally, measures);
  }

  private static List<Compared> compared(AnsweredWorlds product, Loop loop) {
    Measures measures = product.measures();
    Tally ours = product.tally(MemoryReport.POLICY);
    Tally rekv = product.tally(REKV);
    double mebi = 1 << 20;
    return List.of(
        new Compared(
            "watching",
            "frames/s",
            measures.frames() / measures.watchSeconds(),
            Double.NaN,
            loop.of("frames") / loop.of("watchSeconds"),
            1),
        new Compared(
            "watching",
            "fr./CPU s",
            measures.frames() / measures.cpuSeconds(),
            Double.NaN,
            loop.of("frames") / loop.of("watchCpuSeconds"),
            1),
        new Compared(
            "first token, median",
            "ms",
            ours.firstTokenMedianMillis(),
            rekv.firstTokenMedianMillis(),
            loop.tally().firstTokenMedianMillis(),
            1),
        new Compared(
            "RssAnon",
            "MiB",
            measures.rssAnonBytes() / mebi,
            Double.NaN,
            loop.of("rssAnonBytes") / mebi,
            0),
        new Compared(
            "keys and values",
            "MB/h",
            measures.fileBytes().getOrDefault("blocks", 0L) / measures.mediaSeconds() * 3600 / 1e6,
            Double.NaN,
            loop.of("archiveBytes") / measures.mediaSeconds() * 3600 / 1e6,
            1),
        new Compared(
            "accuracy",
            "share",
            ours.accuracy(Row.ALL).value(),
            rekv.accuracy(Row.ALL).value(),
            loop.tally().accuracy(Row.ALL).value(),
            3));
  }

  private void print(List<Compared> figures) {
    if (json) {
      figures.forEach(figure -> System.out.println(figure.line()));
      return;
    }
    System.out.printf(
        "%-26s %-8s %12s %12s %12s %10s%n", "", "", "onlooker", "its rekv", "loop", "ratio");
    figures.forEach(figure -> System.out.println(figure.row()));
  }
}
