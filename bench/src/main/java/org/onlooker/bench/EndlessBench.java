package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.App;
import org.onlooker.app.Logs;
import org.onlooker.app.config.Config;
import org.onlooker.bench.EndlessReport.Mark;
import org.onlooker.bench.EndlessReport.Sample;
import org.onlooker.core.FileTree;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamState;
import org.onlooker.core.StreamStatus;
import org.onlooker.ingest.FfmpegNatives;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./onlooker bench endless}: whether time to first token and memory stay as they are while a
 * stream goes on for hours.
 *
 * <p>Drawn worlds, one behind the other and again from the first, are watched as one recording, as
 * fast as this machine can. At ten minutes of it, at an hour and at the end the same questions are
 * asked over HTTP as of that moment, while the watching goes on; single ones show the way between.
 * A short stream is watched and asked about before, so that the first mark meets warm code.
 */
@Command(name = "bench endless", mixinStandardHelpOptions = true, sortOptions = false)
final class EndlessBench implements Callable<Integer> {
  private static final int QUESTIONS = 40;
  private static final int SAMPLES = 120;
  private static final double WORLD_SECONDS_MIN = 150;
  private static final double BEYOND_SECONDS = 900;
  private static final StreamId WARM_UP = new StreamId("warm-up");
  private static final StreamId STREAM = new StreamId("endless");

  @Mixin
  private final WorldsOption worldsOption = new WorldsOption();

  @Option(names = "--hours", description = "Length of the stream (${DEFAULT-VALUE}).")
  private double hours = 8;

  @Option(names = "--plot", paramLabel = "FILE", description = "Draw the curves as SVG.")
  private @Nullable Path plot;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Configuration, as in onlooker.yml; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--quick", description = "40 minutes, marks at 5, 10 and 40.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  private final List<Mark> marks = new ArrayList<>();
  private final List<Sample> samples = new ArrayList<>();

  static int run(List<String> arguments) {
    return new CommandLine(new EndlessBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    List<World> worlds = worldsOption.worlds();
    Path data = Folders.work("endless");
    try {
      Config config =
          ProductConfig.of(root, data, List.of(data), settings, Objects.requireNonNull(spec));
      Logs.open(config.log());
      FfmpegNatives.unpackTo(data.resolve("native"));
      try (App app = App.start(config);
          HttpClient http = HttpClient.newHttpClient()) {
        watch(app, http, worlds, data);
      }
    } finally {
      FileTree.delete(data);
    }
    EndlessReport report = new EndlessReport(marks, samples);
    (json ? report.jsonLines() : report.tableLines()).forEach(System.out::println);
    if (plot != null) {
      Files.writeString(plot, report.plot());
    }
    return 0;
  }

  private List<Double> markSeconds() {
    return quick ? List.of(300.0, 600.0, 2400.0) : List.of(600.0, 3600.0, hours * 3600);
  }

  private void watch(App app, HttpClient http, List<World> worlds, Path data) throws Exception {
    List<Path> videos = worlds.stream().map(World::video).toList();
    List<JsonNode> alone = worlds.stream().flatMap(World::questionsAlone).toList();
    List<JsonNode> questions = World.some(alone, QUESTIONS);
    StreamId warmUp = add(app, WARM_UP, film(videos, WORLD_SECONDS_MIN, data));
    while (!app.streams().isWatchedToItsEnd(warmUp)) {
      mark(app, http, warmUp, questions);
    }
    mark(app, http, warmUp, questions);
    app.streams().remove(warmUp, true);

    double end = markSeconds().getLast();
    StreamId stream = add(app, STREAM, film(videos, end + BEYOND_SECONDS, data));
    double sampleAt = 60;
    while (marks.size() < markSeconds().size()) {
      double through = storedThrough(app, stream);
      if (through >= markSeconds().get(marks.size())) {
        marks.add(mark(app, http, stream, questions));
        System.err.printf("onlooker: watched %.0f minutes%n", through / 60);
      } else if (through >= sampleAt) {
        JsonNode question = questions.get(samples.size() % questions.size());
        samples.add(Sample.of(through, ask(app, http, stream, question)));
        sampleAt = through + end / SAMPLES;
      } else {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
  }

  private static Path film(List<Path> videos, double seconds, Path folder) throws Exception {
    Path film = folder.resolve("film-" + Math.round(seconds) + ".mp4");
    FfmpegProgram.join(videos, (int) Math.ceil(seconds / WORLD_SECONDS_MIN), seconds, film);
    return film;
  }

  private static StreamId add(App app, StreamId id, Path film) throws Exception {
    app.streams()
        .add(new StreamSpec(
            id, film.toString(), StreamSpec.DEFAULT_FPS, Optional.empty(), Pace.FAST, false));
    return id;
  }

  private static double storedThrough(App app, StreamId id) throws IOException {
    StreamStatus status = app.streams().status(id).orElseThrow();
    if (status.state() == StreamState.ERROR || app.streams().isWatchedToItsEnd(id)) {
      throw new IOException("the stream ended after "
          + status.storedThrough().orElse(Pts.ZERO) + ": "
          + status.reason().orElse(status.state().wireName()));
    }
    HeldRecording.requireNothingLost(status);
    return status.storedThrough().orElse(Pts.ZERO).micros() / 1e6;
  }

  private static Mark mark(App app, HttpClient http, StreamId id, List<JsonNode> questions)
      throws IOException, InterruptedException {
    List<JsonNode> answers = new ArrayList<>();
    for (JsonNode question : questions) {
      answers.add(ask(app, http, id, question));
    }
    Pts through = app.streams().status(id).orElseThrow().storedThrough().orElse(Pts.ZERO);
    return new Mark(through.micros() / 1e6, answers, Measures.rssAnon());
  }

  /** As of the newest clip. */
  private static JsonNode ask(App app, HttpClient http, StreamId id, JsonNode question)
      throws IOException, InterruptedException {
    StreamStatus status = app.streams().status(id).orElseThrow();
    Pts through = status.storedThrough().orElse(Pts.ZERO);
    ObjectNode now = question.deepCopy();
    now.put("askedAt", through.micros() / 1e6);
    Asker asker = new Asker(http, app.address(), id.value(), status.startTime(), List.of());
    return asker.ask(now, MemoryReport.POLICY);
  }
}
