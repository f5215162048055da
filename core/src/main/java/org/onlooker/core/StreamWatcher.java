package org.onlooker.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The first story: how what a stream shows becomes memory.
 *
 * <p>When the model has time for this stream, a clip goes through the vision tower, its tokens are
 * prefilled behind the stream's window, the model says what it shows, and all of it is stored in
 * one step and indexed. Runs on its own thread; {@link #run} returns when the queue is finished and
 * empty, or when the stream's line for the model is closed.
 */
final class StreamWatcher implements Runnable {
  private static final System.Logger LOG = System.getLogger(StreamWatcher.class.getName());
  private static final long POLL_MILLIS = 250;
  private static final int FAILURES_LOGGED_EVERY = 60;

  /** A clip is kept whole at least so often, so that what changes slowly is seen to. */
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final StreamId stream;
  private final Stages stages;
  private final IndexFeed feed;
  private final ClipQueue queue;
  private final ModelSlots.Line line;
  private final StreamHealth health;
  private final StreamCounters counters;
  private final Optional<Commentator> commentator;
  private final Duration labelPeriod;
  private final TokenReducer.Reduction reduction;
  private Optional<Pts> watchedThrough;
  private Optional<ClipEntry> lastKept = Optional.empty();
  private int towerTokens;

  /** Whether the last kept clip shows what the one before it did: the first is hard to read. */
  private boolean settled;

  private Pts refreshed = Pts.ZERO;
  private String gapReason = "Onlooker was not running";

  /** The parts of one stream that its watcher works with. */
  record Parts(
      IndexFeed feed,
      ClipQueue queue,
      ModelSlots.Line line,
      StreamHealth health,
      StreamCounters counters,
      Optional<Commentator> commentator) {}

  StreamWatcher(StreamId stream, Stages stages, Parts parts) {
    this.stream = stream;
    this.stages = stages;
    this.feed = parts.feed();
    this.queue = parts.queue();
    this.line = parts.line();
    this.health = parts.health();
    this.counters = parts.counters();
    this.commentator = parts.commentator();
    this.labelPeriod = stages.model().card().labelPeriod();
    this.reduction = stages.reducer().open();
    this.watchedThrough = stages.store().storedThrough(stream);
  }

  @Override
  public void run() {
    try (WatchWindow window = stages.model().openWindow()) {
      while (!queue.isDrained()) {
        Optional<ClipQueue.Due> due = queue.take(POLL_MILLIS);
        if (due.isPresent()) {
          watch(due.get(), window);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(ClipQueue.Due due, WatchWindow window) throws InterruptedException {
    Clip clip = due.clip();
    try {
      admitGap(clip, window);
      refresh(clip);
      Remembered remembered = remember(due, window);
      watchedThrough = Optional.of(clip.span().end());
      gapReason = "frames were dropped: the watching was behind";
      health.remembering();
      tell(remembered, due);
    } catch (StoreException e) {
      missed(e.reason().code(), e, window);
    } catch (RuntimeException e) {
      missed("clip_failed", e, window);
    }
  }

  private void tell(Remembered remembered, ClipQueue.Due due) throws InterruptedException {
    if (commentator.isPresent()) {
      commentator.get().see(new Seen(remembered.clip(), remembered.kept(), due.completeAt()));
    }
  }

  private void missed(String errorCode, RuntimeException cause, WatchWindow window) {
    restart(window);
    gapReason = "a clip could not be remembered: " + cause.getMessage();
    health.notRemembering(errorCode, gapReason);
    if (counters.clipsFailed.sum() % FAILURES_LOGGED_EVERY == 0) {
      LOG.log(System.Logger.Level.ERROR, "stream " + stream + ": " + gapReason, cause);
    }
    counters.clipsFailed.increment();
  }

  private void admitGap(Clip clip, WatchWindow window) {
    if (watchedThrough.isEmpty()) {
      return;
    }
    Pts from = watchedThrough.get();
    if (Gap.isBetween(from, clip.span())) {
      String reason = health.takeTrouble().orElse(gapReason);
      restart(window);
      stages.store().appendGap(stream, new Gap(new Span(from, clip.span().start()), reason));
    }
  }

  private void restart(WatchWindow window) {
    window.restart();
    reduction.restart();
    lastKept = Optional.empty();
    settled = false;
  }

  private void refresh(Clip clip) {
    if (clip.span().start().micros() - refreshed.micros() >= REFRESH.toNanos() / 1_000) {
      reduction.restart();
      refreshed = clip.span().start();
    }
  }

  /**
   * A clip that was stored.
   *
   * @param kept share of its tokens
   */
  private record Remembered(ClipEntry clip, double kept) {}

  private Remembered remember(ClipQueue.Due due, WatchWindow window) throws InterruptedException {
    Clip clip = due.clip();
    boolean unchanged = reduction.isRepeat(clip);
    if (unchanged && settled && lastKept.isPresent()) {
      return repeat(clip, lastKept.get());
    }
    try (ModelSlots.Slot slot = line.enter(due.completeAt())) {
      counters.slotWaitNanos.add(slot.waited().toNanos());
      counters.lagNanos = slot.lag().toNanos();
      long start = System.nanoTime();
      List<Picture> pictures = clip.frames().stream().map(Frame::picture).toList();
      EncodedFrames encoded = stages.encoder().encode(pictures);
      VisualTokens left = reduction.reduce(encoded.tokens());
      towerTokens = encoded.tokens().tokenCount();
      counters.encodeNanos.add(System.nanoTime() - start);
      boolean same = unchanged || left.tokenCount() == 0;
      if (same && settled && lastKept.isPresent()) {
        slot.close();
        return repeat(clip, lastKept.get());
      }
      VisualTokens tokens = left.tokenCount() == 0 ? encoded.tokens() : left;
      ClipEntry kept = keep(clip, new EncodedFrames(tokens, encoded.embedding()), window, slot);
      settled = same;
      return new Remembered(kept, (double) left.tokenCount() / Math.max(1, towerTokens));
    }
  }

  private Remembered repeat(Clip clip, ClipEntry kept) {
    long start = System.nanoTime();
    ClipEntry entry = kept.repeatedBy(clip.key(), clip.span(), clip.startTime());
    stages.store().appendRepeat(entry);
    feed.add(entry);
    counters.clipsStored.increment();
    counters.clipsRepeated.increment();
    counters.tokensSeen.add(towerTokens);
    counters.storeNanos.add(System.nanoTime() - start);
    return new Remembered(entry, 0);
  }

  private ClipEntry keep(
      Clip clip, EncodedFrames encoded, WatchWindow window, ModelSlots.Slot slot) {
    long t1 = System.nanoTime();
    ClipLabel label = ClipLabel.of(clip.span().start(), labelPeriod);
    try (KvBlock block = window.prefill(label, encoded.tokens())) {
      long t2 = System.nanoTime();
      String caption = window.caption();
      slot.close(); // storing leaves the model to others
      long t3 = System.nanoTime();
      Memory memory = new Memory(
          clip.key(),
          clip.span(),
          clip.startTime(),
          stages.model().card().fingerprint(),
          encoded.tokens(),
          encoded.embedding(),
          block.keyMeans(),
          caption,
          clip.frames().getFirst().thumbnail());
      stages.store().append(memory, block);
      feed.add(memory.entry());
      reduction.remembered();
      lastKept = Optional.of(memory.entry());
      counters.tokensSeen.add(towerTokens);
      counters.tokensKept.add(encoded.tokens().tokenCount());
      counters.clipsStored.increment();
      counters.prefillNanos.add(t2 - t1);
      counters.captionNanos.add(t3 - t2);
      counters.storeNanos.add(System.nanoTime() - t3);
      return memory.entry();
    }
  }
}
