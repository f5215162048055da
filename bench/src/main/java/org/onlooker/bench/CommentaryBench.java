package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.App;
import org.onlooker.app.Logs;
import org.onlooker.app.config.Config;
import org.onlooker.core.CaptionNames;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.FileTree;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.Refused;
import org.onlooker.core.Remark;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./onlooker bench commentary}: what Onlooker says on its own of drawn worlds, held against
 * their truth, beside "one caption every five seconds" of the same model.
 *
 * <p>What is said is taken from worlds that are watched as files, as fast as the machine can, no
 * clip left out. How soon it is said is taken from one that is watched as a camera, in real time:
 * from the end of an event to the words about it.
 */
@Command(name = "bench commentary", mixinStandardHelpOptions = true, sortOptions = false)
final class CommentaryBench implements Callable<Integer> {
  private static final double CAPTION_EVERY_SECONDS = 5;
  private static final int REMARKS_MAX = 1_000_000;
  private static final Duration LIVE = Duration.ofMinutes(10);
  private static final Duration LIVE_QUICK = Duration.ofMinutes(3);
  private static final Duration WATCH_MAX = Duration.ofHours(2);
  private static final StreamId CAMERA = new StreamId("camera");
  private static final long POLL_NANOS = 50_000_000;

  @Mixin
  private final WorldsOption worldsOption = new WorldsOption();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Configuration, as in onlooker.yml; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--show-wrong", description = "Print each wrong sentence.")
  private boolean showWrong;

  @Option(names = "--quick", description = "Three minutes in real time instead of ten.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  static int run(List<String> arguments) {
    return new CommandLine(new CommentaryBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    List<World> worlds = worldsOption.worlds();
    Path data = Folders.work("commentary");
    List<Path> sources = worlds.stream().map(world -> world.video().getParent()).toList();
    Config config = ProductConfig.of(root, data, sources, settings, Objects.requireNonNull(spec));
    Logs.open(config.log());
    try {
      RemarkReport report = new RemarkReport(score(config, worlds, data));
      report.add(soon(config, worlds.getFirst(), data));
      (json ? report.jsonLines() : report.tableLines()).forEach(System.out::println);
      if (showWrong) {
        report.wrong().forEach(System.out::println);
      }
    } finally {
      FileTree.delete(data);
    }
    return 0;
  }

  /** Watches all worlds, one after the other. */
  private List<RemarkReport.Watched> score(Config config, List<World> worlds, Path data)
      throws Exception {
    try (App app = App.start(config)) {
      for (int i = 0; i < worlds.size(); i++) {
        watch(app, id(i), worlds.get(i));
      }
    }
    List<RemarkReport.Watched> scores = new ArrayList<>();
    try (RocksMemoryStore store = open(data)) {
      for (int i = 0; i < worlds.size(); i++) {
        WorldEvents truth = WorldEvents.of(worlds.get(i));
        scores.add(
            new RemarkReport.Watched(said(store, id(i), truth), captions(store, id(i), truth)));
      }
    }
    return scores;
  }

  private static StreamId id(int world) {
    return new StreamId("world-" + world);
  }

  private static void watch(App app, StreamId id, World world) throws Exception {
    add(app, id, world, Pace.FAST);
    long start = System.nanoTime();
    while (!app.streams().isWatchedToItsEnd(id)) {
      if (System.nanoTime() - start > WATCH_MAX.toNanos()) {
        throw new IOException(world.video() + " is not watched to its end: "
            + app.streams().status(id).flatMap(status -> status.reason()).orElse("no reason"));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    System.err.println(world.video() + " watched in "
        + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
  }

  private static RocksMemoryStore open(Path data) {
    return RocksMemoryStore.open(
        data.resolve("memory"), data.resolve("native"), RocksOptions.defaults());
  }

  private static RemarkScore said(RocksMemoryStore store, StreamId id, WorldEvents truth) {
    RemarkScore score = new RemarkScore(truth);
    for (Remark remark : store.remarks(id, Span.ALL, REMARKS_MAX)) {
      double end = store
          .entry(remark.clip())
          .map(clip -> clip.span().end().seconds())
          .orElse(remark.span().end().seconds());
      score.add(said(remark, end, 0));
    }
    return score;
  }

  /** @param zero seconds of the stream's media time at which the world began */
  private static RemarkScore.Said said(Remark remark, double saidAt, double zero) {
    Span span = remark.span();
    return new RemarkScore.Said(
        span.start().seconds() - zero, span.end().seconds() - zero, saidAt - zero, remark.text());
  }

  /** The baseline: the caption of every fifth second, told as it is. */
  private static RemarkScore captions(RocksMemoryStore store, StreamId id, WorldEvents truth) {
    RemarkScore score = new RemarkScore(truth);
    double next = CAPTION_EVERY_SECONDS;
    for (ClipEntry clip : store.entries(id, Span.ALL)) {
      double end = clip.span().end().seconds();
      if (end >= next) {
        double start = clip.span().start().seconds();
        score.addCaption(
            new RemarkScore.Said(start, end, end, clip.caption()), CaptionNames.of(clip.caption()));
        next += CAPTION_EVERY_SECONDS;
      }
    }
    return score;
  }

  /** Watches the beginning of a world as a camera shows it. */
  private RemarkScore soon(Config config, World world, Path data) throws Exception {
    Duration time = quick ? LIVE_QUICK : LIVE;
    double first;
    Instant started;
    try (App app = App.start(config)) {
      CompletableFuture<Pts> shown = new CompletableFuture<>();
      add(app, CAMERA, world, Pace.REALTIME);
      try (var frames = app.streams().onFrame(CAMERA, frame -> shown.complete(frame.pts()))) {
        first = shown.get(WATCH_MAX.toSeconds(), TimeUnit.SECONDS).seconds();
      }
      started = app.streams().status(CAMERA).orElseThrow().startTime();
      LockSupport.parkNanos(time.toNanos());
    }
    RemarkScore score = new RemarkScore(WorldEvents.of(world).before(time.toSeconds()));
    try (RocksMemoryStore store = open(data)) {
      for (Remark remark : store.remarks(CAMERA, Span.ALL, REMARKS_MAX)) {
        double saidAt = Duration.between(started, remark.saidAt()).toNanos() / 1e9;
        score.add(said(remark, saidAt, first));
      }
    }
    return score;
  }

  /** In real time it is played again and again, as a camera shows it. */
  private static void add(App app, StreamId id, World world, Pace pace) throws Refused {
    app.streams()
        .add(new StreamSpec(
            id,
            world.video().toString(),
            StreamSpec.DEFAULT_FPS,
            Optional.empty(),
            pace,
            pace == Pace.REALTIME));
  }
}
