package org.onlooker.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.onlooker.app.App;
import org.onlooker.core.Pace;
import org.onlooker.core.Refused;
import org.onlooker.core.StreamCounters;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamStatus;

/**
 * So many streams in the product, each a file played in real time again and again, as a camera: it
 * waits for nobody. They are begun one after the other, so that their clips do not all come at
 * once.
 */
final class LiveStreams {
  private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();
  private static final long APART_NANOS = Duration.ofMillis(137).toNanos();
  private static final String WATCHING = "watch-";
  private static final Map<String, String> STAGE_OF_THREAD =
      Map.of("read-", "decode", "record-", "decode", "answer-", "answers");

  private final App app;
  private final Path video;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private int count;

  LiveStreams(App app, Path video) {
    this.app = app;
    this.video = video;
  }

  static StreamId id(int number) {
    return new StreamId("live-" + number);
  }

  int count() {
    return count;
  }

  /** Adds or removes streams until there are {@code wanted}. */
  void become(int wanted) throws Refused {
    while (count < wanted) {
      app.streams()
          .add(new StreamSpec(
              id(count),
              video.toString(),
              StreamSpec.DEFAULT_FPS,
              Optional.empty(),
              Pace.REALTIME,
              true));
      count++;
      LockSupport.parkNanos(APART_NANOS);
    }
    while (count > wanted) {
      app.streams().remove(id(--count), true);
    }
  }

  /** Watches for a while. */
  Load measure(Duration time) {
    Reading before = read();
    List<Double> lags = new ArrayList<>();
    while (System.nanoTime() - before.nanos < time.toNanos()) {
      LockSupport.parkNanos(LOOK_NANOS);
      lags.add(sumOf(counters(), Math::max, StreamCounters.Reading::lagNanos) / 1e9);
    }
    return load(before, read(), lags);
  }

  /** Counts and processor times at one moment. */
  private record Reading(
      long nanos,
      List<StreamCounters.Reading> counters,
      Map<String, Long> threadNanos,
      long processNanos,
      double busyShare) {}

  private Reading read() {
    return new Reading(
        System.nanoTime(),
        counters(),
        threadNanos(),
        Measures.processCpuNanos(),
        system.getCpuLoad());
  }

  private List<StreamCounters.Reading> counters() {
    return app.streams().list().stream().map(StreamStatus::counters).toList();
  }

  /** Processor time of the threads of each kind; a name without a kind is left out. */
  private Map<String, Long> threadNanos() {
    Map<String, Long> nanos = new HashMap<>();
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null) {
        String name = thread.getThreadName();
        String kind = name.substring(0, name.indexOf('-') + 1);
        if (kind.equals(WATCHING) || STAGE_OF_THREAD.containsKey(kind)) {
          nanos.merge(kind, Math.max(0, threads.getThreadCpuTime(thread.getThreadId())), Long::sum);
        }
      }
    }
    return nanos;
  }

  private Load load(Reading before, Reading after, List<Double> lags) {
    double seconds = (after.nanos - before.nanos) / 1e9;
    double cores = (after.processNanos - before.processNanos) / 1e9 / seconds;
    Map<String, Double> stages = stages(before, after, seconds);
    stages.put(
        "other",
        Math.max(0, cores - stages.values().stream().mapToDouble(d -> d).sum()));
    List<Double> last =
        lags.subList(lags.size() * 2 / 3, lags.size()).stream().sorted().toList();
    return new Load(
        seconds,
        sum(before, after, StreamCounters.Reading::framesSampled),
        sum(before, after, StreamCounters.Reading::framesDropped),
        sum(before, after, StreamCounters.Reading::clipsFailed),
        last.get(last.size() / 2),
        cores,
        stages,
        Math.max(0, after.busyShare * system.getAvailableProcessors() - cores));
  }

  /** The watching threads' processor time, split as the time that their stages took. */
  private static Map<String, Double> stages(Reading before, Reading after, double seconds) {
    Map<String, Double> stages = new HashMap<>();
    STAGE_OF_THREAD.forEach((kind, stage) ->
        stages.merge(stage, cpuSeconds(before, after, kind) / seconds, Double::sum));
    Map<String, ToLongFunction<StreamCounters.Reading>> parts = Map.of(
        "tower", StreamCounters.Reading::encodeNanos,
        "prefill", StreamCounters.Reading::prefillNanos,
        "caption", StreamCounters.Reading::captionNanos,
        "store", StreamCounters.Reading::storeNanos);
    double all =
        parts.values().stream().mapToLong(part -> sum(before, after, part)).sum();
    double watching = cpuSeconds(before, after, WATCHING) / seconds;
    parts.forEach(
        (stage, part) -> stages.put(stage, watching * sum(before, after, part) / Math.max(1, all)));
    return stages;
  }

  private static double cpuSeconds(Reading before, Reading after, String kind) {
    return Math.max(
            0, after.threadNanos.getOrDefault(kind, 0L) - before.threadNanos.getOrDefault(kind, 0L))
        / 1e9;
  }

  private static long sum(
      Reading before, Reading after, ToLongFunction<StreamCounters.Reading> part) {
    return sumOf(after.counters, Long::sum, part) - sumOf(before.counters, Long::sum, part);
  }

  private static long sumOf(
      List<StreamCounters.Reading> counters,
      java.util.function.LongBinaryOperator sum,
      ToLongFunction<StreamCounters.Reading> part) {
    return counters.stream().mapToLong(part).reduce(0, sum);
  }
}
