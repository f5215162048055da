package org.onlooker.ingest;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pts;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/**
 * Gives the frames of a recording when its timestamps say; a live source is left as it is. The only
 * place where frames wait.
 *
 * <p>A reader that falls behind by more than a second, or a PTS that jumps, moves the schedule
 * instead of causing a burst or a long silence.
 */
final class PacedFrameSource implements FrameSource {
  private static final long LATE_NANOS_MAX = 1_000_000_000L;
  private static final long STEP_MICROS_MAX = 15_000_000L;

  private final FrameSource source;
  private final InstantSource clock;
  private final boolean saysLive;
  private final CountDownLatch closed = new CountDownLatch(1);
  private boolean paced;
  private boolean started;
  private long lastPtsMicros;
  private long lastStepMicros;
  private long lastDueNanos;

  private PacedFrameSource(FrameSource source, InstantSource clock, boolean saysLive) {
    this.source = source;
    this.clock = clock;
    this.saysLive = saysLive;
  }

  /** Of a recording that stays one: every frame is kept. */
  static PacedFrameSource recording(FrameSource source, InstantSource clock) {
    return new PacedFrameSource(source, clock, false);
  }

  /** Of a recording that plays the part of a live source. */
  static PacedFrameSource asLive(FrameSource source, InstantSource clock) {
    return new PacedFrameSource(source, clock, true);
  }

  @Override
  public SourceInfo open() throws SourceException {
    SourceInfo info = source.open();
    paced = !info.live();
    boolean live = info.live() || saysLive;
    return new SourceInfo(live, info.width(), info.height(), info.framesPerSecond(), info.codec());
  }

  @Override
  public Optional<Frame> next() throws SourceException {
    Optional<Frame> read = source.next();
    if (!paced || read.isEmpty()) {
      return read;
    }
    Frame frame = read.get();
    waitUntil(due(frame.pts().micros()));
    return Optional.of(frame.at(frame.pts(), clock.instant()));
  }

  private long due(long ptsMicros) {
    long now = System.nanoTime();
    if (!started) {
      started = true;
      lastDueNanos = now;
    } else {
      long step = ptsMicros - lastPtsMicros;
      // after a jump the rhythm goes on as before
      lastStepMicros = step >= 0 && step <= STEP_MICROS_MAX ? step : lastStepMicros;
      lastDueNanos += lastStepMicros * 1_000;
      if (now - lastDueNanos > LATE_NANOS_MAX) {
        lastDueNanos = now;
      }
    }
    lastPtsMicros = ptsMicros;
    return lastDueNanos;
  }

  private void waitUntil(long dueNanos) throws SourceException {
    try {
      if (closed.await(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new SourceException(SourceError.ENDED, "closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SourceException(SourceError.ENDED, "interrupted");
    }
  }

  @Override
  public void placed(Pts mediaTime) {
    source.placed(mediaTime);
  }

  @Override
  public void close() {
    closed.countDown();
    source.close();
  }
}
