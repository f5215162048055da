package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One stream being watched: its reading and its watching thread and what is known of it.
 *
 * <p>Life cycle: 1. constructed; 2. {@link #start} once; 3. {@link #stop}, which finishes the clip
 * in the making and waits for both threads.
 */
final class WatchedStream {
  private static final int QUEUE_CLIPS = 4;

  /** Where the pictures come from, and where the encoded media is kept. */
  record Media(FrameSources sources, Segments segments) {}

  private final InstantSource clock;
  private final MemoryStore store;
  private final Segments segments;
  private final IndexFeed feed;
  private final Demotion demotion;
  private final StreamHealth health;
  private final StreamCounters counters = new StreamCounters();
  private final CopyOnWriteArrayList<Consumer<Frame>> listeners = new CopyOnWriteArrayList<>();
  private final ModelSlots.Line line;
  private final Optional<Commentator> commentator;
  private final SourceReader reader;
  private final Thread readerThread;
  private final Thread watcherThread;
  private volatile StreamRecord entry;
  private volatile Optional<Frame> latest = Optional.empty();

  WatchedStream(
      StreamRecord entry, Media media, Stages stages, InstantSource clock, RandomGenerator random) {
    StreamSpec spec = entry.spec();
    StreamId id = spec.id();
    this.entry = entry;
    this.clock = clock;
    this.store = stages.store();
    this.segments = media.segments();
    this.feed = new IndexFeed(id, store, stages.index());
    this.demotion = new Demotion(id, store, stages.tiers());
    this.health = new StreamHealth(clock);
    Pts after = store.storedThrough(id).orElse(Pts.ZERO);
    ClipQueue queue = new ClipQueue(QUEUE_CLIPS, counters.framesDropped, clock);
    this.line = stages.slots().forStream();
    this.commentator =
        stages.commentary().map(commentary -> commentary.of(() -> this.entry.spec(), counters));
    MediaClock mediaClock = new MediaClock(entry.startTime(), after);
    ModelCard card = stages.model().card();
    ClipAssembler assembler = new ClipAssembler(
        id, card.clipDuration(), spec.fps(), card.framesPerClip(), store.nextSequence(id), after);
    this.reader = new SourceReader(
        spec,
        new SourceReader.Parts(
            media.sources(), mediaClock, assembler, queue, health, counters, new Backoff(random)),
        this::show,
        this::glance);
    StreamWatcher watcher = new StreamWatcher(
        id, stages, new StreamWatcher.Parts(feed, queue, line, health, counters, commentator));
    this.readerThread = Thread.ofPlatform().daemon().name("read-" + id).unstarted(reader);
    this.watcherThread = Thread.ofPlatform().daemon().name("watch-" + id).unstarted(watcher);
  }

  IndexFeed feed() {
    return feed;
  }

  Demotion demotion() {
    return demotion;
  }

  StreamRecord entry() {
    return entry;
  }

  /** Changes what does not concern the reading. */
  void amend(StreamRecord amended) {
    entry = amended;
  }

  /** Takes over those who look at the stream as it was, which has been stopped. */
  void follow(WatchedStream before) {
    listeners.addAll(before.listeners);
    latest = before.latest;
    health.wasAway("its source was changed");
  }

  void start() {
    watcherThread.start();
    readerThread.start();
  }

  private void show(Frame frame) {
    latest = Optional.of(frame);
    listeners.forEach(listener -> listener.accept(frame));
  }

  private void glance(Clip between) {
    commentator.ifPresent(speaker -> speaker.glance(between));
  }

  Optional<Frame> latest() {
    return latest;
  }

  void listen(Consumer<Frame> listener) {
    listeners.add(listener);
  }

  void unlisten(Consumer<Frame> listener) {
    listeners.remove(listener);
  }

  StreamStatus status() {
    StreamHealth.View view = health.view();
    return new StreamStatus(
        entry.spec(),
        view.state(),
        view.since(),
        view.errorCode(),
        view.reason(),
        entry.startTime(),
        store.storedThrough(entry.spec().id()),
        reader.info(),
        segments.recording(entry.spec().id()),
        counters.read());
  }

  StreamNow now() {
    Pts stored = store.storedThrough(entry.spec().id()).orElse(Pts.ZERO);
    boolean live = reader.info().map(SourceInfo::live).orElse(!entry.spec().isFile());
    if (!live) {
      return new StreamNow(entry.startTime(), stored, false, Optional.empty());
    }
    Instant instant = clock.instant();
    Pts wall = new Pts(Duration.between(entry.startTime(), instant).toNanos() / 1_000);
    Pts now = wall.isBefore(stored) ? stored : wall;
    return new StreamNow(entry.startTime(), now, true, health.view().reason());
  }

  /** Whether everything the source gave has been stored. */
  boolean isWatchedToItsEnd() {
    return !watcherThread.isAlive() && health.view().state() == StreamState.ENDED;
  }

  /** Clips that wait for the model are given up, those that wait behind them too. */
  void leaveLine() {
    line.close();
  }

  /**
   * Ends both threads; returns when the last clip is stored or {@code patience} is over. Then clips
   * that still wait for the model are given up.
   */
  void stop(Duration patience) throws InterruptedException {
    health.enter(StreamState.TERMINATING);
    reader.stop();
    try {
      readerThread.join(patience);
      watcherThread.join(patience);
    } finally {
      leaveLine();
      feed.stop();
      commentator.ifPresent(Commentator::close);
    }
  }
}
