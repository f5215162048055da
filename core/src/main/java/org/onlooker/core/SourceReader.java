package org.onlooker.core;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps a stream's source open: gathers its frames into clips for the queue, and when the source
 * stalls, ends or breaks, closes it and opens it again, for ever.
 *
 * <p>Life cycle: 1. {@link #run} on its own platform thread; 2. {@link #stop} from any thread,
 * which makes a pending native call return; 3. run returns, having finished the queue.
 */
final class SourceReader implements Runnable {
  private static final System.Logger LOG = System.getLogger(SourceReader.class.getName());

  private final StreamSpec spec;
  private final FrameSources sources;
  private final MediaClock mediaClock;
  private final ClipAssembler assembler;
  private final ClipQueue queue;
  private final StreamHealth health;
  private final StreamCounters counters;
  private final Backoff backoff;
  private final Consumer<Frame> newest;
  private final Consumer<Clip> between;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Optional<SourceInfo> info = Optional.empty();
  private volatile Optional<FrameSource> current = Optional.empty();

  /** The parts of one stream that its reader works with. */
  record Parts(
      FrameSources sources,
      MediaClock mediaClock,
      ClipAssembler assembler,
      ClipQueue queue,
      StreamHealth health,
      StreamCounters counters,
      Backoff backoff) {}

  /**
   * @param newest takes each frame
   * @param between takes what a live source shows between two clips
   */
  SourceReader(StreamSpec spec, Parts parts, Consumer<Frame> newest, Consumer<Clip> between) {
    this.spec = spec;
    this.sources = parts.sources();
    this.mediaClock = parts.mediaClock();
    this.assembler = parts.assembler();
    this.queue = parts.queue();
    this.health = parts.health();
    this.counters = parts.counters();
    this.backoff = parts.backoff();
    this.newest = newest;
    this.between = between;
  }

  /** What the last opening told. */
  Optional<SourceInfo> info() {
    return info;
  }

  @Override
  public void run() {
    try {
      while (!isStopped()) {
        if (readOneConnection()) {
          return;
        }
        counters.reconnects.increment();
        stopped.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      finish();
    }
  }

  private void finish() {
    try {
      handOver(assembler.flush().stream().toList(), info.map(SourceInfo::live).orElse(true));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.finish();
    }
  }

  /** Reads until the source is done or away; true when there is nothing more to wait for. */
  private boolean readOneConnection() throws InterruptedException {
    boolean gaveFrames = false;
    try (FrameSource source = sources.create(spec)) {
      current = Optional.of(source);
      if (isStopped()) {
        return true;
      }
      SourceInfo opened = source.open();
      info = Optional.of(opened);
      mediaClock.connected(opened.live());
      while (!isStopped()) {
        Optional<Frame> frame = source.next();
        if (frame.isEmpty()) {
          return ended(opened);
        }
        if (!gaveFrames) {
          gaveFrames = true;
          backoff.reset();
          health.enter(StreamState.RUNNING);
        }
        Frame mapped = mediaClock.map(frame.get());
        source.placed(mapped.pts());
        counters.framesSampled.increment();
        newest.accept(mapped);
        handOver(assembler.add(mapped), opened.live());
        if (opened.live()) {
          assembler.between().ifPresent(between);
        }
      }
      return true;
    } catch (SourceException e) {
      return trouble(e, gaveFrames);
    } catch (RuntimeException e) { // a fault of ours, which must not end the watching
      LOG.log(System.Logger.Level.ERROR, "stream " + spec.id() + ": reading failed", e);
      return trouble(
          new SourceException(SourceError.BROKEN, spec.source() + " could not be read: " + e),
          gaveFrames);
    } finally {
      current = Optional.empty();
    }
  }

  private void handOver(List<Clip> clips, boolean live) throws InterruptedException {
    for (Clip clip : clips) {
      if (live) {
        queue.putNewest(clip);
      } else {
        queue.putWaiting(clip);
      }
    }
  }

  private boolean ended(SourceInfo opened) {
    if (!opened.live()) {
      health.enter(StreamState.ENDED);
      return true;
    }
    return trouble(
        new SourceException(SourceError.ENDED, spec.source() + " ended; it is being reopened"),
        true);
  }

  private boolean trouble(SourceException cause, boolean gaveFrames) {
    if (isStopped()) {
      return true;
    }
    boolean isNews = !health.view().reason().equals(Optional.ofNullable(cause.getMessage()));
    LOG.log(
        isNews ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG,
        "stream {0}: {1}",
        spec.id(),
        cause.getMessage());
    if (cause.error().isFinal()
        || (spec.isFile() && cause.error() == SourceError.BROKEN && !gaveFrames)) {
      health.enter(StreamState.ERROR, cause);
      return true;
    }
    if (spec.isFile() && gaveFrames && !spec.loop()) {
      health.enter(StreamState.ENDED, cause);
      return true;
    }
    health.enter(StreamState.RESTARTING, cause);
    return false;
  }

  /** Ends the reading; returns at once. */
  void stop() {
    stopped.countDown();
    queue.stopWaiting();
    current.ifPresent(FrameSource::close);
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }
}
