package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.App;
import org.onlooker.app.Logs;
import org.onlooker.app.config.Config;
import org.onlooker.app.config.Key;
import org.onlooker.core.FileTree;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ./onlooker bench answers}: accuracy of the running product on drawn worlds.
 *
 * <p>Each world's video is watched as a file, no frame dropped, up to the time of each question in
 * turn, at which it waits while the question is asked over HTTP with each policy. The policy {@code
 * blind}, the same model without pictures, and the best constant answers are always beside the
 * others: what they get right needs no watching. {@code oracle} is given the evidence: the ceiling.
 */
@Command(name = "bench answers", mixinStandardHelpOptions = true, sortOptions = false)
final class AnswersBench implements Callable<Integer> {
  static final int QUICK_QUESTIONS = 80;
  private static final String ALL = "all";

  @Mixin
  private final WorldsOption worldsOption = new WorldsOption();

  @Option(
      names = "--questions",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Question files: of a world, StreamingBench, OVO-Bench or RVS.")
  private List<Path> questionFiles = List.of();

  @Option(
      names = "--videos",
      paramLabel = "DIR",
      description = "Where the videos of --questions are; default beside each file.")
  private @Nullable Path videos;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write every answer as a line of JSON, for a judge elsewhere.")
  private @Nullable Path out;

  @Option(
      names = "--policy",
      arity = "1..*",
      split = ",",
      description = "Policies beside blind, or all (onlooker).")
  private List<String> policies = List.of("onlooker");

  @Option(names = "--model", paramLabel = "DIR", description = "Model pack.")
  private @Nullable String model;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Configuration, as in onlooker.yml; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--measures",
      paramLabel = "FILE",
      description = "Write what the watching cost as JSON.")
  private @Nullable Path measuresFile;

  @Option(names = "--fps", description = "Sampled frames per second (${DEFAULT-VALUE}).")
  private double fps = StreamSpec.DEFAULT_FPS;

  @Option(names = "--show-wrong", description = "Print each wrong answer.")
  private boolean showWrong;

  @Option(names = "--quick", description = "At most 80 questions.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  private final Map<String, Tally> tallies = new LinkedHashMap<>();
  private final List<JsonNode> asked = new ArrayList<>();
  private Measures measures = Measures.NONE;
  private final ChanceLevels chances = new ChanceLevels();

  static int run(List<String> arguments) {
    return new CommandLine(new AnswersBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    List<World> worlds;
    try {
      worlds = worlds();
    } catch (IOException e) {
      System.err.println("onlooker: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    policiesAsked().forEach(policy -> tallies.put(policy, new Tally()));
    Path data = Folders.work("answers");
    Config config = config(data, root, worlds);
    Logs.open(config.log());
    try (AnswersFile answers = AnswersFile.open(Optional.ofNullable(out));
        App app = App.start(config);
        HttpClient http = HttpClient.newHttpClient()) {
      int left = quick ? QUICK_QUESTIONS : Integer.MAX_VALUE;
      for (int i = 0; i < worlds.size() && left > 0; i++) {
        List<JsonNode> questions = worlds.get(i).questions();
        List<JsonNode> some = questions.subList(0, Math.min(left, questions.size()));
        left -= some.size();
        askAll(app, http, "world-" + i, new World(worlds.get(i).video(), some), answers);
      }
      app.close();
      measure(data);
    } finally {
      FileTree.delete(data);
    }
    AnswersReport report = new AnswersReport(tallies, Majority.of(asked));
    (json ? report.jsonLines() : report.tableLines()).forEach(System.out::println);
    (json ? chances.jsonLines() : chances.tableLines()).forEach(System.out::println);
    return 0;
  }

  /** As named, in that order, and {@code blind}. */
  private Set<String> policiesAsked() {
    List<String> known = App.policyNames();
    Set<String> named = new LinkedHashSet<>(policies.contains(ALL) ? known : policies);
    named.add(AnswersReport.BLIND);
    for (String policy : named) {
      if (!known.contains(policy)) {
        throw new ParameterException(
            Objects.requireNonNull(spec).commandLine(),
            "no policy \"" + policy + "\"; there are " + known + " and " + ALL);
      }
    }
    return named;
  }

  private List<World> worlds() throws IOException {
    QuestionFile read = QuestionFile.readAll(questionFiles, Optional.ofNullable(videos));
    read.remarks().forEach(System.err::println);
    List<World> worlds = new ArrayList<>(read.worlds());
    if (!worldsOption.folders().isEmpty() || worlds.isEmpty()) {
      worlds.addAll(worldsOption.worlds());
    }
    return worlds;
  }

  private Config config(Path data, Path root, List<World> worlds) throws Exception {
    Map<String, String> given = new LinkedHashMap<>(settings);
    Optional.ofNullable(model).ifPresent(pack -> given.put(Key.MODEL_PACK.path(), pack));
    List<Path> sources = worlds.stream().map(world -> world.video().getParent()).toList();
    return ProductConfig.of(root, data, sources, given, Objects.requireNonNull(spec));
  }

  private void askAll(App app, HttpClient http, String id, World world, AnswersFile answers)
      throws Exception {
    StreamSpec spec = new StreamSpec(
        new StreamId(id), world.video().toString(), fps, Optional.empty(), Pace.FAST, false);
    try (HeldRecording recording = new HeldRecording(app.streams(), spec)) {
      Instant startTime = app.streams().status(spec.id()).orElseThrow().startTime();
      Asker asker = new Asker(http, app.address(), id, startTime, world.questions());
      for (JsonNode question : world.questionsByTime()) {
        recording.watchUpTo(new Pts(Math.round(question.path("askedAt").asDouble() * 1e6)));
        chances.add(question);
        for (var tally : tallies.entrySet()) {
          JsonNode answer = asker.ask(question, tally.getKey());
          Scored scored = Scored.of(question, answer);
          tally.getValue().add(scored);
          answers.add(world.video(), tally.getKey(), question, answer, scored.isRight());
          if (showWrong && !scored.isRight() && !scored.told().refused()) {
            printWrong(tally.getKey() + " " + id, question, answer);
          }
        }
        asked.add(question);
      }
      recording.watchToTheEnd();
      measures = recording.addTo(measures);
    }
  }

  private void measure(Path data) throws IOException {
    if (measuresFile != null) {
      try (RocksMemoryStore store = RocksMemoryStore.open(
          data.resolve("memory"), data.resolve("native"), RocksOptions.defaults())) {
        measures.of(store).write(measuresFile);
      }
    }
  }

  private static void printWrong(String where, JsonNode question, JsonNode answer) {
    System.out.printf(
        "%s %s %.1f \"%s\": \"%s\", not \"%s\" (context %s)%n",
        where,
        question.path("task").asText(),
        question.path("askedAt").asDouble(),
        question.path("question").asText(),
        answer.path("answer").asText(),
        question.path("answer").asText(),
        answer.path("context").path("clips"));
  }
}
