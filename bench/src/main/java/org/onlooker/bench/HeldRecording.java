package org.onlooker.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.onlooker.core.Frame;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamCounters;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.StreamState;
import org.onlooker.core.StreamStatus;
import org.onlooker.core.Streams;
import org.onlooker.core.Subscription;

/**
 * A recording that is watched as fast as the machine can, up to moments at which it waits: its
 * reader stands at the first frame beyond, so that nothing later has been seen when a question is
 * asked. Counts what the watching takes.
 */
final class HeldRecording implements AutoCloseable {
  private static final Duration STANDSTILL_MAX = Duration.ofSeconds(5);
  private static final Duration WATCH_MAX = Duration.ofMinutes(60);

  private final Streams streams;
  private final StreamId stream;
  private final Subscription subscription;
  private final long cellMicros;
  private long untilMicros;
  private boolean standing;
  private long nanos;
  private long cpuNanos;

  /** Begins to watch; nothing is let through yet but what comes before the reader is held. */
  HeldRecording(Streams streams, StreamSpec spec) throws Exception {
    this.streams = streams;
    this.stream = spec.id();
    this.cellMicros = Math.max(1_000_000, Math.round(1e6 / spec.fps()));
    streams.add(spec);
    this.subscription = streams.onFrame(stream, this::pass);
  }

  private synchronized void pass(Frame frame) {
    try {
      while (frame.pts().micros() > untilMicros) {
        standing = true;
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void letThrough(long micros) {
    untilMicros = micros;
    standing = false;
    notifyAll();
  }

  private synchronized boolean isStanding() {
    return standing;
  }

  /** Returns when all clips that end by {@code moment} are stored, or the recording has ended. */
  StreamStatus watchUpTo(Pts moment) throws IOException {
    long begun = System.nanoTime();
    long cpuBegun = Measures.processCpuNanos();
    letThrough(moment.micros());
    StreamStatus status = awaitStored(moment.micros() / cellMicros * cellMicros);
    nanos += System.nanoTime() - begun;
    cpuNanos += Measures.processCpuNanos() - cpuBegun;
    return status;
  }

  StreamStatus watchToTheEnd() throws IOException {
    return watchUpTo(new Pts(Long.MAX_VALUE / 2));
  }

  private StreamStatus awaitStored(long micros) throws IOException {
    long deadline = System.nanoTime() + WATCH_MAX.toNanos();
    long stored = -1;
    long since = System.nanoTime();
    while (true) {
      boolean isWatched = streams.isWatchedToItsEnd(stream);
      StreamStatus status = streams.status(stream).orElseThrow();
      long through = status.storedThrough().orElse(Pts.ZERO).micros();
      long now = System.nanoTime();
      since = through == stored ? since : now;
      stored = through;
      boolean nothingMoreComes = isStanding() && now - since > STANDSTILL_MAX.toNanos();
      if (through >= micros || isWatched || nothingMoreComes) {
        requireNothingLost(status);
        return status;
      }
      if (status.state() == StreamState.ERROR || now > deadline) {
        throw new IOException(
            "stream " + stream + " of " + status.spec().source() + " is not watched to its end: "
                + status.reason().orElse(status.state().wireName()));
      }
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  /** @throws IOException when frames were dropped or clips failed */
  static void requireNothingLost(StreamStatus status) throws IOException {
    StreamCounters.Reading counters = status.counters();
    if (counters.framesDropped() + counters.clipsFailed() > 0) {
      throw new IOException("stream " + status.spec().id() + " lost " + counters.framesDropped()
          + " frames and " + counters.clipsFailed() + " clips; the figures would mean nothing");
    }
  }

  /** Adds all that watching took. */
  Measures addTo(Measures measures) throws IOException {
    StreamStatus status = streams.status(stream).orElseThrow();
    double seconds = status.storedThrough().orElse(Pts.ZERO).micros() / 1e6;
    return measures.and(seconds, status.counters(), nanos, cpuNanos);
  }

  /** The reader goes on. */
  @Override
  public void close() {
    subscription.close();
    letThrough(Long.MAX_VALUE);
  }
}
