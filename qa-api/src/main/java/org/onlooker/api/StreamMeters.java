package org.onlooker.api;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.onlooker.core.Frame;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamCounters;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamState;
import org.onlooker.core.StreamStatus;

/** The meters of the streams there are; brought up to date before each reading. */
final class StreamMeters {
  private static final double NANOS_PER_SECOND = 1e9;
  private final Parts parts;
  private final Map<StreamId, Watched> watched = new HashMap<>();

  StreamMeters(Parts parts) {
    this.parts = parts;
  }

  /** Takes new readings; adds meters for new streams and removes those of streams that are gone. */
  synchronized void refresh() {
    Set<StreamId> gone = new HashSet<>(watched.keySet());
    for (StreamStatus status : parts.streams().list()) {
      StreamId id = status.spec().id();
      gone.remove(id);
      Watched stream = watched.get(id);
      if (stream == null) {
        stream = new Watched(status);
        stream.register(parts.meters());
        watched.put(id, stream);
      }
      stream.status = status;
      stream.lastFrameAgeSeconds = lastFrameAge(id);
    }
    for (StreamId id : gone) {
      Watched stream = watched.remove(id);
      if (stream != null) {
        stream.meters.forEach(parts.meters()::remove);
      }
    }
  }

  private double lastFrameAge(StreamId id) {
    return parts
        .streams()
        .latestFrame(id)
        .map(Frame::wallTime)
        .map(time -> Duration.between(time, parts.clock().instant()).toNanos())
        .map(nanos -> Math.max(0, nanos / NANOS_PER_SECOND))
        .orElse(Double.NaN);
  }

  /** One stream's newest reading; held here, because meters refer to it weakly. */
  private static final class Watched {
    private final List<Meter> meters = new ArrayList<>();
    private volatile StreamStatus status;
    private volatile double lastFrameAgeSeconds = Double.NaN;

    Watched(StreamStatus status) {
      this.status = status;
    }

    void register(MeterRegistry registry) {
      for (StreamState state : StreamState.values()) {
        gauge(
            registry,
            Gauge.builder("onlooker.stream.state", this, w -> w.status.state() == state ? 1 : 0)
                .description("1 for the state that the stream is in")
                .tag("state", state.wireName()));
      }
      gauge(
          registry,
          Gauge.builder("onlooker.stream.last.frame.age", this, w -> w.lastFrameAgeSeconds)
              .description("Since the newest sampled frame was shown")
              .baseUnit("seconds"));
      gauge(
          registry,
          Gauge.builder("onlooker.stream.stored.through", this, Watched::storedThrough)
              .description("Media time up to which the stream is in memory")
              .baseUnit("seconds"));
      gauge(
          registry,
          Gauge.builder(
                  "onlooker.stream.lag", this, w -> seconds(w.status.counters().lagNanos()))
              .description("How long the newest clip had been complete when its turn came")
              .baseUnit("seconds"));
      registerCommentary(registry);
      count(registry, "frames", "result", "sampled", r -> r.framesSampled());
      count(registry, "frames", "result", "dropped", r -> r.framesDropped());
      count(registry, "clips", "result", "stored", r -> r.clipsStored() - r.clipsRepeated());
      count(registry, "clips", "result", "repeated", r -> r.clipsRepeated());
      count(registry, "clips", "result", "failed", r -> r.clipsFailed());
      count(registry, "visual.tokens", "result", "kept", r -> r.tokensKept());
      count(registry, "visual.tokens", "result", "dropped", r -> r.tokensSeen() - r.tokensKept());
      count(registry, "stage.seconds", "stage", "encode", r -> seconds(r.encodeNanos()));
      count(registry, "stage.seconds", "stage", "prefill", r -> seconds(r.prefillNanos()));
      count(registry, "stage.seconds", "stage", "caption", r -> seconds(r.captionNanos()));
      count(registry, "stage.seconds", "stage", "store", r -> seconds(r.storeNanos()));
      meters.add(FunctionCounter.builder(
              "onlooker.stream.recording.packets.dropped",
              this,
              w -> w.status.recording().packetsDropped())
          .description("Packets that the disk was too slow for, or failed to take")
          .tag("stream", id())
          .register(registry));
      meters.add(FunctionCounter.builder(
              "onlooker.stream.slot.wait.seconds",
              this,
              w -> seconds(w.status.counters().slotWaitNanos()))
          .description("Time that clips stood in line for the model")
          .tag("stream", id())
          .register(registry));
      meters.add(FunctionCounter.builder(
              "onlooker.stream.reconnects", this, w -> w.status.counters().reconnects())
          .description("Times the source was opened again")
          .tag("stream", id())
          .register(registry));
    }

    private void registerCommentary(MeterRegistry registry) {
      gauge(
          registry,
          Gauge.builder(
                  "onlooker.stream.commentary.lag",
                  this,
                  w -> seconds(w.status.counters().commentaryLagNanos()))
              .description("From a complete clip to the first word about it, the last time")
              .baseUnit("seconds"));
      count(registry, "commentary", "result", "remarks", r -> r.remarks());
      count(registry, "commentary", "result", "clips_unheard", r -> r.clipsUnheard());
    }

    private void gauge(MeterRegistry registry, Gauge.Builder<Watched> gauge) {
      meters.add(gauge.tag("stream", id()).register(registry));
    }

    private void count(
        MeterRegistry registry,
        String name,
        String tag,
        String value,
        ToDoubleFunction<StreamCounters.Reading> reading) {
      meters.add(FunctionCounter.builder(
              "onlooker.stream." + name, this, w -> reading.applyAsDouble(w.status.counters()))
          .description("Since the start of the process, by " + tag)
          .tag("stream", id())
          .tag(tag, value)
          .register(registry));
    }

    private String id() {
      return status.spec().id().value();
    }

    private double storedThrough() {
      return status.storedThrough().map(Pts::seconds).orElse(Double.NaN);
    }

    private static double seconds(long nanos) {
      return nanos / NANOS_PER_SECOND;
    }
  }
}
