package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.App;
import org.onlooker.app.Logs;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.Key;
import org.onlooker.core.FileTree;
import org.onlooker.core.Refused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./onlooker bench streams}: how many live streams at 2 frames a second the machine bears
 * with no frame dropped and no clip a second late, and which stage is the limit; then, at 80 % of
 * that number, what answering without pause does to the watching, and watching to the answers.
 * On a machine that others use as well, read the cores that one stream takes, not the number.
 */
@Command(name = "bench streams", mixinStandardHelpOptions = true, sortOptions = false)
final class StreamsBench implements Callable<Integer> {
  private static final String NAME = "streams";
  private static final int START_PER_CORE = 4;
  private static final double GROWTH = 1.5;
  private static final double SHARE = 0.8;
  private static final int ASKERS = 8;

  @Option(
      names = "--world",
      paramLabel = "DIR",
      description = "World whose video is watched and whose questions are asked (demo stream).")
  private @Nullable Path world;

  @Option(names = "--model", paramLabel = "DIR", description = "Model pack.")
  private @Nullable String model;

  @Option(
      names = "--borne",
      paramLabel = "N",
      description = "So many streams are borne, as an earlier run found; not looked for again.")
  private int borneBefore;

  @Option(names = "--quick", description = "Short steps: at most 5 minutes.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  private final int cores = Runtime.getRuntime().availableProcessors();
  private final List<Figure> figures = new ArrayList<>();

  static int run(List<String> arguments) {
    return new CommandLine(new StreamsBench()).execute(arguments.toArray(String[]::new));
  }

  /** How long is looked: at a number of streams, before that, and at 80 %. */
  private record Times(Duration settle, Duration step, Duration asking, double exactness) {
    static final Times QUICK =
        new Times(Duration.ofSeconds(4), Duration.ofSeconds(9), Duration.ofSeconds(20), 0.1);
    static final Times WHOLE =
        new Times(Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofSeconds(60), 0.05);
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    Path folder = Optional.ofNullable(world).orElse(Folders.demo());
    World watched = World.readAll(List.of(folder)).getFirst();
    Path data = Folders.work(NAME);
    Map<String, String> settings = new LinkedHashMap<>();
    Optional.ofNullable(model).ifPresent(pack -> settings.put(Key.MODEL_PACK.path(), pack));
    List<Path> sources = List.of(watched.video().getParent());
    Config config = ProductConfig.of(root, data, sources, settings, Objects.requireNonNull(spec));
    Logs.open(config.log());
    try (App app = App.start(config);
        HttpClient http = HttpClient.newHttpClient()) {
      LiveStreams streams = new LiveStreams(app, watched.video());
      int most = borneBefore > 0 ? borneBefore : most(streams);
      streams.become(Math.max(1, (int) (SHARE * most)));
      answering(app, http, streams, texts(watched));
    } finally {
      FileTree.delete(data);
    }
    figures.forEach(figure -> System.out.println(json ? figure.json() : figure.row()));
    return figures.stream().allMatch(Figure::isMet) ? 0 : 1;
  }

  private static List<String> texts(World world) {
    return world
        .questionsAlone()
        .map((JsonNode question) -> question.path("question").asText())
        .toList();
  }

  private Times times() {
    return quick ? Times.QUICK : Times.WHOLE;
  }

  /** The greatest number of streams that is borne: up in steps, then by halves. */
  private int most(LiveStreams streams) throws Refused {
    int borne = 0;
    Optional<Load> atBorne = Optional.empty();
    int notBorne = Integer.MAX_VALUE;
    int tried = START_PER_CORE * cores;
    while (notBorne - borne > Math.max(1, (int) (times().exactness() * borne))) {
      Load load = loadOf(streams, tried);
      if (!load.isBorne()) { // again: something else may have kept the machine busy
        load = loadOf(streams, tried);
      }
      if (load.isBorne()) {
        borne = tried;
        atBorne = Optional.of(load);
      } else {
        notBorne = tried;
      }
      tried =
          notBorne == Integer.MAX_VALUE ? (int) Math.ceil(borne * GROWTH) : (borne + notBorne) / 2;
    }
    add("streams borne", borne, "", "cores", cores, Optional.empty());
    int count = borne;
    atBorne.ifPresent(load -> addLimit(load, count));
    return borne;
  }

  private Load loadOf(LiveStreams streams, int count) throws Refused {
    streams.become(count);
    streams.measure(times().settle());
    Load load = streams.measure(times().step());
    System.err.printf(
        "onlooker: %d streams: %d of %d frames dropped, %.2f s behind, %.2f cores busy, others "
            + "%.2f, %s%n",
        count,
        load.dropped(),
        load.sampled(),
        load.lagSeconds(),
        load.cores(),
        load.coresOfOthers(),
        load.coresByStage());
    return load;
  }

  private void addLimit(Load load, int count) {
    add("one stream", load.cores() / count, "cores", "cores", cores, Optional.empty());
    load.coresByStage()
        .forEach((stage, busy) -> add(
            stage.equals(load.limit()) ? stage + " (the limit)" : stage,
            busy,
            "cores",
            "all of it",
            load.cores(),
            Optional.empty()));
    add("busy, others left out", load.cores(), "cores", "cores", cores, Optional.empty());
    add("others meanwhile", load.coresOfOthers(), "cores", "cores", cores, Optional.empty());
  }

  private void answering(App app, HttpClient http, LiveStreams streams, List<String> questions)
      throws InterruptedException {
    streams.measure(times().settle());
    Load alone = streams.measure(times().asking());
    Asked one = asked(app, http, streams, questions, 1);
    Asked many = asked(app, http, streams, questions, ASKERS);
    addDropped("dropped, one asker", one.load(), alone);
    addDropped("dropped, eight askers", many.load(), alone);
    add(
        "behind, one asker",
        one.load().lagSeconds(),
        "s",
        "nobody asks",
        alone.lagSeconds(),
        Optional.empty());
    RestlessAskers.Outcomes few = one.outcomes();
    RestlessAskers.Outcomes all = many.outcomes();
    String reference = "one asker";
    add("first token p50, 8 askers", all.p50Millis(), "ms", reference, few.p50Millis(), none());
    add("first token p95, 8 askers", all.p95Millis(), "ms", reference, few.p95Millis(), none());
    add("answers/s, 8 askers", rate(many), "", reference, rate(one), none());
    add("refused, 8 askers", all.refused(), "", "asked", all.asked(), none());
    add("failed, 8 askers", all.failed(), "", "asked", all.asked(), none());
  }

  private static Optional<Double> none() {
    return Optional.empty();
  }

  private static double rate(Asked asked) {
    return asked.outcomes().answered() / asked.load().seconds();
  }

  private record Asked(Load load, RestlessAskers.Outcomes outcomes) {}

  private Asked asked(
      App app, HttpClient http, LiveStreams streams, List<String> questions, int askers)
      throws InterruptedException {
    try (RestlessAskers restless =
        new RestlessAskers(http, app.address(), questions, streams.count(), askers)) {
      Load load = streams.measure(times().asking());
      return new Asked(load, restless.stop());
    }
  }

  /** One is added to both: mostly none are dropped, and none divides nothing. */
  private void addDropped(String figure, Load answering, Load alone) {
    figures.add(new Figure(
        NAME,
        figure,
        answering.dropped(),
        "frames",
        "nobody asks",
        alone.dropped(),
        (1.0 + answering.dropped()) / (1.0 + alone.dropped()),
        Optional.of(1.0)));
  }

  private void add(
      String figure,
      double value,
      String unit,
      String comparedWith,
      double reference,
      Optional<Double> goal) {
    double ratio = reference > 0 ? value / reference : 0;
    figures.add(new Figure(NAME, figure, value, unit, comparedWith, reference, ratio, goal));
  }
}
