package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The streams of this process: added, listed, removed, and resumed after a restart.
 *
 * <p>Life cycle: 1. constructed; 2. {@link #resume} once; 3. any method, any thread; 4. {@link
 * #close}, which stores the clips in the making.
 */
public final class Streams implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Streams.class.getName());
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(4);
  private static final long UPKEEP_SECONDS = 5;
  /** After which no window holds a clip any more, and its segment is complete. */
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private static final Duration CATCH_UP_PATIENCE = Duration.ofSeconds(2);

  private final WatchedStream.Media media;
  private final Stages stages;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConcurrentHashMap<StreamId, WatchedStream> watched = new ConcurrentHashMap<>();
  private final ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("upkeep").priority(Thread.MIN_PRIORITY).factory());
  private final ExecutorService catchingUp = Executors.newSingleThreadExecutor(
      Thread.ofPlatform().daemon().name("index-catch-up").factory());
  private Optional<Future<?>> keepingUp = Optional.empty();
  private volatile boolean indexFails;
  private boolean closed;

  public Streams(
      FrameSources sources,
      Segments segments,
      Stages stages,
      InstantSource clock,
      RandomGenerator random) {
    this.media = new WatchedStream.Media(sources, segments);
    this.stages = stages;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Starts every stream that was there before and brings the index up to the store. Returns at the
   * latest after {@link #CATCH_UP_PATIENCE}: an index that was lost is built while streams are
   * watched and questions answered from what it has already.
   */
  public synchronized void resume() {
    for (StreamRecord entry : stages.store().streams()) {
      start(entry);
    }
    awaitIndex();
    keepingUp = Optional.of(upkeep.scheduleWithFixedDelay(
        this::keepUp, UPKEEP_SECONDS, UPKEEP_SECONDS, TimeUnit.SECONDS));
  }

  private void catchUp(IndexFeed feed) {
    try {
      feed.catchUp();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the index could not catch up; tried again", e);
    }
  }

  /** Waits a moment for the catching up: after a crash few clips are missing. */
  private void awaitIndex() {
    try {
      catchingUp.submit(() -> {}).get(CATCH_UP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.log(System.Logger.Level.INFO, "the index is being built; recall is partial meanwhile");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nothing is run
    }
  }

  private void keepUp() {
    commitIndex();
    if (!indexFails) {
      watched.values().stream()
          .map(WatchedStream::feed)
          .filter(IndexFeed::isSetBack)
          .forEach(feed -> catchingUp.execute(() -> catchUp(feed)));
    }
    watched.values().forEach(this::demote);
  }

  private void demote(WatchedStream stream) {
    try {
      stream.demotion().step();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "old clips keep their blocks until it goes again", e);
    }
  }

  private void commitIndex() {
    try {
      stages.index().commit();
      indexFails = false;
    } catch (RuntimeException e) {
      watched.values().forEach(stream -> stream.feed().setBack());
      if (!indexFails) {
        LOG.log(
            System.Logger.Level.ERROR, "the index could not be committed; it catches up later", e);
      }
      indexFails = true;
    }
  }

  private WatchedStream start(StreamRecord entry) {
    return start(new WatchedStream(entry, media, stages, clock, random));
  }

  private WatchedStream start(WatchedStream stream) {
    watched.put(stream.entry().spec().id(), stream);
    catchingUp.execute(() -> catchUp(stream.feed()));
    stream.start();
    return stream;
  }

  /** Watches a stream that has come from a backup, as one that was there before. */
  synchronized void resume(StreamRecord entry) {
    if (!closed && !watched.containsKey(entry.spec().id())) {
      stages
          .index()
          .removeStream(entry.spec().id()); // of an earlier one it may know how far it was
      start(entry);
    }
  }

  /**
   * Starts watching a new stream and remembers it over restarts.
   *
   * @throws Refused when the id is taken or the source is not allowed
   */
  public synchronized StreamStatus add(StreamSpec spec) throws Refused {
    if (closed) {
      throw new Refused(Refused.Kind.SHUTTING_DOWN, "Onlooker is shutting down");
    }
    if (watched.containsKey(spec.id())) {
      throw new Refused(
          Refused.Kind.ALREADY_EXISTS,
          "stream \"" + spec.id() + "\" exists; remove it first or choose another id");
    }
    checkAllowed(spec);
    StreamRecord entry = new StreamRecord(spec, startTimeOf(spec.id()));
    stages.store().putStream(entry);
    StreamStatus status = start(entry).status();
    awaitIndex();
    return status;
  }

  /**
   * Goes on with a stream as it is to be from now on; its memory and its clock stay, and those who
   * look at it go on looking. Where only the prompt differs, its source is not opened again.
   *
   * @throws Refused when there is no such stream, or the source is not allowed
   * @throws IllegalArgumentException when a stream cannot be like that
   */
  public synchronized StreamStatus change(StreamId id, StreamChange change) throws Refused {
    WatchedStream stream = known(id);
    StreamRecord before = stream.entry();
    StreamRecord entry = new StreamRecord(change.of(before.spec()), before.startTime());
    if (entry.spec().isReadAs(before.spec())) {
      stages.store().putStream(entry);
      stream.amend(entry);
      return stream.status();
    }
    checkAllowed(entry.spec());
    stages.store().putStream(entry);
    stop(stream);
    WatchedStream next = new WatchedStream(entry, media, stages, clock, random);
    next.follow(stream);
    return start(next).status();
  }

  private WatchedStream known(StreamId id) throws Refused {
    return find(id)
        .orElseThrow(() -> new Refused(Refused.Kind.NOT_FOUND, "no stream \"" + id + "\""));
  }

  /** A stream that left its memory behind goes on with the clock it had; others start anew. */
  private Instant startTimeOf(StreamId id) {
    Optional<ClipEntry> last =
        stages.store().newest(id, Span.ALL.end(), 1).stream().findFirst();
    if (last.isEmpty()) {
      media.segments().removeStream(id);
      if (stages.store().nextSequence(id) > 0) { // all its clips were removed
        removeMemory(id);
      }
      return clock.instant();
    }
    return last.get().streamStart();
  }

  private void checkAllowed(StreamSpec spec) throws Refused {
    try {
      media.sources().create(spec).close();
    } catch (SourceException e) {
      throw refusal(e);
    }
  }

  private static Refused refusal(SourceException e) {
    boolean forbidden = e.error() == SourceError.REFUSED;
    String message = String.valueOf(e.getMessage());
    return new Refused(forbidden ? Refused.Kind.FORBIDDEN : Refused.Kind.INVALID, message);
  }

  /** Opens the source, takes one frame and closes it; nothing is kept. */
  public SourceInfo tryOut(StreamSpec spec) throws Refused, SourceException {
    checkAllowed(spec);
    try (FrameSource source = media.sources().create(spec)) {
      SourceInfo info = source.open();
      if (source.next().isEmpty()) {
        throw new SourceException(SourceError.ENDED, spec.source() + " holds no pictures");
      }
      return info;
    }
  }

  /**
   * Stops watching a stream.
   *
   * @param memory forget all that was seen as well
   */
  public synchronized void remove(StreamId id, boolean memory) throws Refused {
    WatchedStream stream = known(id);
    if (memory) { // what is still to be watched need not be
      stream.leaveLine();
    }
    stop(stream);
    watched.remove(id);
    if (memory) {
      removeMemory(id);
    } else {
      stages.store().removeStream(id, false);
    }
  }

  /** The index first: what it lacks it gets again from the store, never the reverse. */
  private void removeMemory(StreamId id) {
    stages.index().removeStream(id);
    stages.index().commit();
    media.segments().removeStream(id);
    stages.store().removeStream(id, true);
  }

  /**
   * Removes all that was kept of a stretch of a stream, see {@link StretchRemoval}, and notes the
   * hole. Returns when the bytes are gone from the files.
   *
   * @throws Refused when there is no such stream, or some of the stretch is still being watched,
   *     recorded or indexed
   */
  public void forget(StreamId id, Span stretch) throws Refused {
    WatchedStream stream = known(id);
    if (!stream.isWatchedToItsEnd()) {
      requireSettled(stream, stretch);
    }
    if (!stream.feed().isCaughtUp()) {
      throw new Refused(Refused.Kind.OVERLOADED, "the index is being built; try again then");
    }
    new StretchRemoval(
            stages.store(), stages.index(), media.segments(), stages.model().card())
        .remove(id, stretch);
    stages.store().appendGap(id, new Gap(stretch, "it was removed from memory"));
  }

  /** What was just seen is still in the windows of the watching, and in the file being written. */
  private static void requireSettled(WatchedStream stream, Span stretch) throws Refused {
    long age = stream.now().now().micros() - stretch.end().micros();
    if (age < SETTLED.toNanos() / 1_000) {
      throw new Refused(
          Refused.Kind.INVALID,
          "the stretch must have ended " + SETTLED.toMinutes()
              + " minutes ago; wait, or remove the stream with its memory");
    }
  }

  public List<StreamStatus> list() {
    return watched.values().stream()
        .map(WatchedStream::status)
        .sorted(Comparator.comparing(status -> status.spec().id().value()))
        .toList();
  }

  public Optional<StreamStatus> status(StreamId id) {
    return find(id).map(WatchedStream::status);
  }

  /** Where the clocks of a stream stand. */
  public Optional<StreamNow> now(StreamId id) {
    return find(id).map(WatchedStream::now);
  }

  /** Whether a recording has been read to its end and all of it is stored. */
  public boolean isWatchedToItsEnd(StreamId id) {
    return find(id).map(WatchedStream::isWatchedToItsEnd).orElse(false);
  }

  /** The newest sampled frame. */
  public Optional<Frame> latestFrame(StreamId id) {
    return find(id).flatMap(WatchedStream::latest);
  }

  /**
   * Calls {@code listener} with each newest frame, on the reading thread, until the handle is
   * closed. The listener must return at once.
   */
  public Subscription onFrame(StreamId id, Consumer<Frame> listener) {
    Optional<WatchedStream> stream = find(id);
    stream.ifPresent(s -> s.listen(listener));
    return () -> find(id).ifPresent(s -> s.unlisten(listener));
  }

  private Optional<WatchedStream> find(StreamId id) {
    return Optional.ofNullable(watched.get(id));
  }

  private static void stop(WatchedStream stream) {
    try {
      stream.stop(STOP_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    watched.values().forEach(stream -> stream.feed().stop());
    catchingUp.shutdown();
    keepingUp.ifPresent(task -> task.cancel(false));
    upkeep.shutdown();
    List<Thread> stopping = watched.values().stream()
        .map(stream -> Thread.ofPlatform().start(() -> stop(stream)))
        .toList();
    for (Thread thread : stopping) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    watched.clear();
    commitIndex();
  }
}
