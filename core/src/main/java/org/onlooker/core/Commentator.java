package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The third story: how Onlooker speaks of one stream on its own.
 *
 * <p>1. the watching hands over each clip that it has stored, and goes on; 2. a {@link
 * ChangeTrigger} sees from what is known of the clip anyway whether it may have changed; 3. a
 * {@link PerplexityGate} asks the model, in one pass, whether what holds still does; 4. a {@link
 * Voice} finds words for what is new, streamed while it finds them; 5. the remark is kept and told.
 * Where nothing is said for long, it says how it stands, each time after twice the time, at the
 * latest after two hours more. Of a live stream it also takes {@link Glances} between clips, while
 * there is time.
 *
 * <p>Clips of a live stream that wait too long are left out and counted; a recording waits for the
 * commentary as it waits for the watching.
 *
 * <p>Life cycle: 1. {@link #see} on the watching thread, {@link #next} on the commentary's; 2.
 * {@link #close}, after which nothing is said or kept.
 */
final class Commentator implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Commentator.class.getName());
  private static final int WAITING_MAX = 8;
  private static final Duration QUIET_FIRST = Duration.ofMinutes(5);
  private static final Duration SILENCE_MAX = Duration.ofHours(2);
  private static final Duration RECORDING_PATIENCE = Duration.ofSeconds(30);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  private final StreamId stream;
  private final Parts parts;
  private final StreamCounters counters;
  private final Voice voice;
  private final ChangeTrigger trigger = new ChangeTrigger();
  private final Glances glances;
  private final PerplexityGate gate;
  private final ModelSlots.Line line;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Seen> waiting = new ArrayDeque<>();
  private Optional<Between> newestBetween = Optional.empty();
  private boolean scheduled;
  private volatile boolean closed;

  /** Held while a clip is heard; what follows it is of the commentary's thread alone. */
  private final ReentrantLock hearing = new ReentrantLock();

  private Optional<Seen> before = Optional.empty();
  private Optional<Between> between = Optional.empty();
  private Optional<Pts> spokeAt = Optional.empty();
  private Optional<ClipKey> spokeOf = Optional.empty();
  private Pts quietSince = Pts.ZERO;
  private Duration quietMax = QUIET_FIRST;

  /** What all streams' commentators work with. */
  record Parts(
      LanguageModel model,
      VisualEncoder encoder,
      TokenReducer reducer,
      TextEmbedder embedder,
      MemoryStore store,
      InstantSource clock,
      Executor thread,
      CommentaryListener listener) {}

  /** What is between two clips, under the key of the second, and since when it is known. */
  private record Between(Clip clip, Instant completeAt) {
    /** Whether {@code seen} is the clip before. */
    boolean follows(Seen seen) {
      return seen.clip().key().sequence() + 1 == clip.key().sequence();
    }

    /** Whether the clip before comes later than {@code seen}. */
    boolean isBeyond(Seen seen) {
      return seen.clip().key().sequence() + 1 < clip.key().sequence();
    }
  }

  /** @param spec of the stream, as it is now */
  Commentator(Supplier<StreamSpec> spec, Parts parts, ModelSlots slots, StreamCounters counters) {
    this.stream = spec.get().id();
    this.parts = parts;
    this.counters = counters;
    this.line = slots.forCommentary();
    this.gate = new PerplexityGate(parts.model());
    this.glances = new Glances(parts.model(), parts.encoder(), parts.store(), parts.reducer());
    this.voice = parts.model().card().proofClips() > 1
        ? new ListedVoice(parts.model().card(), parts.embedder())
        : new FreeVoice(parts.model(), () -> spec.get().prompt());
  }

  /** Takes in a clip that was stored. Returns at once for a live stream. */
  void see(Seen seen) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (waiting.size() >= WAITING_MAX && seen.completeAt().isEmpty()) {
        awaitRoom();
      }
      if (waiting.size() >= WAITING_MAX) {
        waiting.removeFirst();
        counters.clipsUnheard.increment();
      }
      if (!closed) {
        waiting.addLast(seen);
        schedule();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes in what a live stream shows between two clips; only the newest is looked at. */
  void glance(Clip clip) {
    if (!voice.looksBetween()) {
      return;
    }
    lock.lock();
    try {
      newestBetween = Optional.of(new Between(clip, parts.clock().instant()));
      schedule();
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom() throws InterruptedException {
    long left = RECORDING_PATIENCE.toNanos();
    while (waiting.size() >= WAITING_MAX && !closed && left > 0) {
      left = room.awaitNanos(left);
    }
  }

  private void schedule() {
    if (!closed && !scheduled && (!waiting.isEmpty() || newestBetween.isPresent())) {
      try {
        parts.thread().execute(this::next);
        scheduled = true;
      } catch (RejectedExecutionException e) {
        waiting.clear(); // Onlooker is shutting down
      }
    }
  }

  /** Hears one clip; others of this stream come behind those of other streams. */
  private void next() {
    Optional<Seen> seen = take();
    hearing.lock();
    try {
      if (!closed && seen.isPresent()) {
        hear(seen.get());
      }
      if (!closed) {
        glance();
      }
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "the commentary left the line for the model");
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "stream " + stream + ": a clip was not heard", e);
      counters.clipsUnheard.increment();
    } finally {
      hearing.unlock();
      lock.lock();
      try {
        scheduled = false;
        schedule();
      } finally {
        lock.unlock();
      }
    }
  }

  private Optional<Seen> take() {
    lock.lock();
    try {
      room.signalAll();
      between = newestBetween.or(() -> between);
      newestBetween = Optional.empty();
      return Optional.ofNullable(waiting.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  private void hear(Seen seen) throws InterruptedException {
    if (before.isPresent() && !seen.follows(before.get())) {
      voice.restart();
      trigger.restart();
    }
    if (before.isEmpty()) {
      quietSince = seen.clip().span().start();
    }
    before = Optional.of(seen);
    boolean mayHaveChanged = trigger.fires(seen);
    if (mayHaveChanged || voice.isInDoubt()) {
      look(seen);
    }
    Pts now = seen.clip().span().end();
    if (micros(quietSince, now) >= quietMax.toNanos() / 1_000) {
      sumUp(seen);
    }
  }

  private void look(Seen seen) throws InterruptedException {
    try (ModelSlots.Slot slot = line.enter();
        RecentBlocks blocks = RecentBlocks.of(parts.store(), parts.model().card(), seen.clip())) {
      if (!voice.isInDoubt() && !gate.opens(blocks.items())) {
        return;
      }
      Telling telling = new Telling(seen, slot);
      Optional<Span> moment = voice.hear(hearing(seen, blocks), telling);
      if (!voice.isInDoubt()) {
        gate.hold(voice.holds(), blocks.items());
      }
      slot.close(); // keeping what was said leaves the model to others
      moment.ifPresent(telling::finishChange);
    }
  }

  /** Looks between the clip that was heard last and the one to come, unless that waits already. */
  private void glance() throws InterruptedException {
    if (before.isEmpty() || between.isEmpty() || between.get().isBeyond(before.get())) {
      return;
    }
    Between due = between.get();
    between = Optional.empty();
    if (due.follows(before.get()) && !isBehind()) {
      boolean isNew = glances.isNew(due.clip());
      if (isNew || voice.isInDoubt()) {
        glance(due, before.get().clip());
      }
    }
  }

  private void glance(Between due, ClipEntry last) throws InterruptedException {
    try (ModelSlots.Slot slot = line.enter()) {
      ClipKey key = isSpokenOf(last.key()) ? due.clip().key() : last.key();
      Seen seen = new Seen(glances.look(due.clip(), last, key), 1, Optional.of(due.completeAt()));
      Telling telling = new Telling(seen, slot);
      Optional<Span> moment = voice.hear(new Voice.Hearing(seen, List.of(), true), telling);
      slot.close();
      moment.ifPresent(telling::finishChange);
    }
  }

  /** Whether a remark has that key already. */
  private boolean isSpokenOf(ClipKey key) {
    return spokeOf.equals(Optional.of(key));
  }

  private boolean isBehind() {
    lock.lock();
    try {
      return !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void sumUp(Seen seen) throws InterruptedException {
    try (ModelSlots.Slot slot = line.enter();
        RecentBlocks blocks = RecentBlocks.of(parts.store(), parts.model().card(), seen.clip())) {
      Telling telling = new Telling(seen, slot);
      voice.sumUp(hearing(seen, blocks), quietMax, telling);
      quietMax = longer(quietMax);
      telling.finish(seen.clip().span(), Remark.Kind.SUMMARY);
    }
  }

  /** Twice as long, or by {@link #SILENCE_MAX} where that is sooner. */
  private static Duration longer(Duration quiet) {
    return quiet.plus(quiet.compareTo(SILENCE_MAX) < 0 ? quiet : SILENCE_MAX);
  }

  private Voice.Hearing hearing(Seen seen, RecentBlocks blocks) {
    Pts now = seen.clip().span().end();
    boolean maySpeak = spokeAt
        .filter(last -> micros(last, now) < voice.refractory().toNanos() / 1_000)
        .isEmpty();
    maySpeak &= !isSpokenOf(seen.clip().key());
    return new Voice.Hearing(seen, blocks.items(), maySpeak);
  }

  private static long micros(Pts from, Pts to) {
    return to.micros() - from.micros();
  }

  /** One remark while it is said. */
  private final class Telling implements Voice.Mouth {
    private final Seen seen;
    private final ModelSlots.Slot slot;
    private final StringBuilder text = new StringBuilder();

    Telling(Seen seen, ModelSlots.Slot slot) {
      this.seen = seen;
      this.slot = slot;
    }

    @Override
    public void say(String delta) {
      if (text.isEmpty()) {
        seen.completeAt()
            .ifPresent(since -> counters.commentaryLagNanos =
                Duration.between(since, parts.clock().instant()).toNanos());
      }
      text.append(delta);
      parts.listener().delta(seen.clip().key(), delta);
    }

    @Override
    public boolean isStopped() {
      try {
        slot.giveWay();
        return closed;
      } catch (InterruptedException e) {
        return true;
      }
    }

    void finishChange(Span moment) {
      quietMax = QUIET_FIRST;
      finish(moment, Remark.Kind.CHANGE);
    }

    void finish(Span moment, Remark.Kind kind) {
      if (closed) {
        return;
      }
      ClipEntry clip = seen.clip();
      spokeAt = Optional.of(clip.span().end());
      spokeOf = Optional.of(clip.key());
      quietSince = kind == Remark.Kind.CHANGE ? clip.span().end() : quietSince;
      Instant start = clip.streamStart().plusNanos(moment.start().micros() * 1_000);
      Remark remark = new Remark(
          clip.key(),
          moment,
          start,
          kind,
          text.toString().strip(),
          parts.clock().instant());
      try {
        parts.store().appendRemark(remark);
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.WARNING, "a remark is told but not kept: " + e.getMessage());
      }
      counters.remarks.increment();
      parts.listener().done(remark);
    }
  }

  /** Returns when nothing is being said any more, or a model that is stuck was waited for. */
  @Override
  public void close() {
    closed = true;
    line.close();
    lock.lock();
    try {
      waiting.clear();
      room.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (hearing.tryLock(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        hearing.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
