package org.onlooker.bench;

import java.net.URI;
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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.onlooker.app.App;
import org.onlooker.app.Logs;
import org.onlooker.app.config.Config;
import org.onlooker.core.FileTree;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamState;
import org.onlooker.testing.RtspServer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code ./onlooker bench live}: how far the live picture is behind its source, read off a clock
 * that is drawn into it: from the drawing over H.264, RTSP, the product, its WebSocket and a
 * decoder, all on this machine. A browser's own buffer is not in it. A player that joins gets the
 * group from its keyframe on, so its first pictures are as late as that is old; figures are given
 * with those pictures, and without the first seconds of each player.
 */
@Command(name = "bench live", mixinStandardHelpOptions = true, sortOptions = false)
final class LiveBench implements Callable<Integer> {
  private static final String NAME = "live";
  private static final StreamId CLOCK = new StreamId("clock");
  private static final double JOINED_AFTER_MILLIS = 3_000;
  private static final double MORE_SECONDS_MAX = 0.5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

  /** Players do not join at the same place of each group. */
  private static final long APART_NANOS = Duration.ofMillis(370).toNanos();

  @Option(
      names = "--group",
      paramLabel = "N",
      description = "Pictures from one keyframe to the next, at 25 a second (default 25).")
  private int groupPictures = ClockSource.PICTURES_PER_SECOND;

  @Option(names = "--quick", description = "Three players of 10 s, not ten of 20 s.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  static int run(List<String> arguments) {
    return new CommandLine(new LiveBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    String missing = RtspServer.missing();
    if (!missing.isEmpty()) {
      System.out.println("skipped: " + missing);
      return 0;
    }
    Path root = Folders.root();
    Path data = Folders.work(NAME);
    Config config = ProductConfig.of(root, data, List.of(), Map.of(), Objects.requireNonNull(spec));
    Logs.open(config.log());
    try (ClockSource source = ClockSource.start(groupPictures);
        App app = App.start(config);
        HttpClient http = HttpClient.newHttpClient()) {
      app.streams().add(StreamSpec.of(CLOCK.value(), source.url()));
      awaitRunning(app);
      return report(watched(app, http));
    } finally {
      FileTree.delete(data);
    }
  }

  private static void awaitRunning(App app) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (app.streams().status(CLOCK).orElseThrow().state() != StreamState.RUNNING) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "the clock is not seen: " + app.streams().status(CLOCK).orElseThrow());
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private List<List<LiveView.Seen>> watched(App app, HttpClient http) throws Exception {
    URI live = URI.create(
        app.address().replaceFirst("^http", "ws") + "/api/v1/streams/" + CLOCK + "/live.ws");
    List<List<LiveView.Seen>> players = new ArrayList<>();
    for (int i = 0; i < (quick ? 3 : 10); i++) {
      try (LiveView view = new LiveView(live)) {
        players.add(view.watch(http, Duration.ofSeconds(quick ? 10 : 20)));
      }
      LockSupport.parkNanos(APART_NANOS);
    }
    return players;
  }

  private int report(List<List<LiveView.Seen>> players) {
    double group = (double) groupPictures / ClockSource.PICTURES_PER_SECOND;
    Map<String, Percentiles> figures = new LinkedHashMap<>();
    for (List<LiveView.Seen> player : players) {
      for (LiveView.Seen seen : player) {
        figures.computeIfAbsent("delay", _ -> new Percentiles()).add(seen.delayMillis());
        if (seen.sinceJoinMillis() > JOINED_AFTER_MILLIS) {
          figures
              .computeIfAbsent("delay, once joined", _ -> new Percentiles())
              .add(seen.delayMillis());
        }
      }
      figures
          .computeIfAbsent("from joining to a picture", _ -> new Percentiles())
          .add(player.getFirst().sinceJoinMillis());
    }
    List<Figure> rows = new ArrayList<>();
    figures.forEach((name, values) -> {
      rows.add(figure(name + ", p50", values.at(0.5), group, Optional.empty()));
      rows.add(figure(
          name + ", p95",
          values.at(0.95),
          group,
          name.equals("delay")
              ? Optional.of((MORE_SECONDS_MAX + group) / group)
              : Optional.empty()));
    });
    rows.forEach(row -> System.out.println(json ? row.json() : row.row()));
    return rows.stream().allMatch(Figure::isMet) ? 0 : 1;
  }

  private static Figure figure(String name, double millis, double group, Optional<Double> goal) {
    double seconds = millis / 1e3;
    return new Figure(NAME, name, seconds, "s", "a frame group", group, seconds / group, goal);
  }
}
