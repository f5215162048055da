package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.onlooker.core.Answer;
import org.onlooker.core.QuestionAnswerer;

/** What Prometheus may ask: base units, counters in {@code _total}, one {@code stream} label. */
final class Metrics implements AutoCloseable {
  private static final Duration[] FIRST_TOKEN_BUCKETS = {
    Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(400),
    Duration.ofMillis(800), Duration.ofMillis(1_500), Duration.ofSeconds(3), Duration.ofSeconds(6),
    Duration.ofSeconds(15), Duration.ofSeconds(60)
  };
  private static final double NANOS_PER_SECOND = 1e9;
  private final PrometheusMeterRegistry registry;
  private final StreamMeters streamMeters;
  private final QuestionAnswerer answerer;
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Map<Answer.Status, Counter> questions = new EnumMap<>(Answer.Status.class);
  private final Timer firstToken;
  private final Timer whole;
  private final Map<ServerEvent.Kind, Counter> dropped = new EnumMap<>(ServerEvent.Kind.class);
  private final Counter sessionsResumed;
  private final Timer searches;
  private final Counter liveFramesSkipped;
  private final Counter liveFragmentsSkipped;

  Metrics(Parts parts, String version) {
    this.registry = parts.meters();
    this.streamMeters = new StreamMeters(parts);
    this.answerer = parts.answerer();
    for (Answer.Status status : Answer.Status.values()) {
      questions.put(
          status,
          Counter.builder("onlooker.questions")
              .description("Questions by how they ended")
              .tag("status", status.wireName())
              .register(registry));
    }
    firstToken = Timer.builder("onlooker.time.to.first.token")
        .description("From the admission of a question to its first token")
        .serviceLevelObjectives(FIRST_TOKEN_BUCKETS)
        .register(registry);
    whole = Timer.builder("onlooker.answer")
        .description("From the admission of a question to the end of its answer")
        .serviceLevelObjectives(FIRST_TOKEN_BUCKETS)
        .register(registry);
    for (ServerEvent.Kind kind : ServerEvent.Kind.values()) {
      dropped.put(
          kind,
          Counter.builder("onlooker.events.dropped")
              .description("Events left out for a slow reader, or replaced by newer ones")
              .tag("kind", kind.wireName())
              .register(registry));
    }
    sessionsResumed = counter("onlooker.ws.resumes", "Sessions that went on on a new connection");
    searches = Timer.builder("onlooker.search")
        .description("Time that a search takes")
        .serviceLevelObjectives(FIRST_TOKEN_BUCKETS)
        .register(registry);
    liveFramesSkipped =
        counter("onlooker.live.frames.skipped", "Live frames left out for a slow viewer");
    liveFragmentsSkipped = counter(
        "onlooker.live.fragments.skipped", "Pieces of live video left out for a slow player");
    Gauge.builder("onlooker.questions.in.flight", parts.answerer(), a -> a.inFlight())
        .description("Questions being answered or waiting")
        .register(registry);
    Gauge.builder("onlooker.storage", parts.store(), store -> store.bytes())
        .description("Bytes that memory takes on disk")
        .baseUnit("bytes")
        .tag("kind", "memory")
        .register(registry);
    // micrometer takes "_info" off the names of gauges, so this one is registered below it
    Info.builder()
        .name("onlooker_build_info")
        .help("What is running; always 1")
        .labelNames("version", "model", "fingerprint", "device")
        .register(registry.getPrometheusRegistry())
        .addLabelValues(
            version,
            parts.model().name(),
            parts.model().fingerprint(),
            parts.model().device());
    bindJvm();
  }

  private void bindJvm() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      FunctionCounter.builder(
              "process.cpu.seconds", system, s -> s.getProcessCpuTime() / NANOS_PER_SECOND)
          .description("Processor time of the process")
          .register(registry);
    }
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  void gauge(String name, String description, AtomicInteger value) {
    Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
  }

  /** The text that Prometheus reads. */
  String scrape() {
    streamMeters.refresh();
    return registry.scrape();
  }

  void answered(Answer answer) {
    questionEnded(answer.status());
    if (answer.timings().firstTokenMillis() > 0) {
      record(firstToken, answer.timings().firstTokenMillis());
    }
    record(whole, answer.timings().totalMillis());
  }

  void questionEnded(Answer.Status status) {
    Objects.requireNonNull(questions.get(status)).increment();
  }

  /** Puts what has become of questions, and how long first tokens took, in milliseconds. */
  void describeAnswers(ObjectNode json) {
    ObjectNode ended = json.putObject("questions").put("inFlight", answerer.inFlight());
    questions.forEach(
        (status, counter) -> ended.put(status.wireName(), Math.round(counter.count())));
    json.putObject("firstToken")
        .put("count", firstToken.count())
        .put("meanMillis", Json.rounded(firstToken.mean(TimeUnit.MILLISECONDS), 1))
        .put("maxMillis", Json.rounded(firstToken.max(TimeUnit.MILLISECONDS), 1));
  }

  void searched(long nanos) {
    searches.record(nanos, TimeUnit.NANOSECONDS);
  }

  void eventDropped(ServerEvent.Kind kind) {
    Objects.requireNonNull(dropped.get(kind)).increment();
  }

  void sessionResumed() {
    sessionsResumed.increment();
  }

  void liveFrameSkipped() {
    liveFramesSkipped.increment();
  }

  void liveFragmentSkipped() {
    liveFragmentsSkipped.increment();
  }

  private static void record(Timer timer, double millis) {
    timer.record((long) (millis * 1_000), TimeUnit.MICROSECONDS);
  }

  @Override
  public void close() {
    gc.close();
  }
}
