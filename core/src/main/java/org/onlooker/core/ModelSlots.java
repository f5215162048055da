package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Who uses the model when: a slot for each core, everyone else stands in line.
 *
 * <p>A free slot goes to the live stream that is furthest behind, after what it used of the model
 * lately is taken off: seconds of lag less four times its {@link RecentUse recent} seconds of use.
 * Streams that cost the same are served in the order in which their clips were complete; one that
 * costs more falls behind on its own account and not on that of others. Lag is bounded by a
 * stream's queue and use fades, so each is served in the end, the greediest within ten seconds.
 *
 * <p>Answers start at once, without a free slot, while no stream is {@link #LATE}; then they give
 * way, at the latest at their next token. Recordings, which lose nothing by waiting, take what live
 * streams leave. But answers always have a tenth of the slots' time, recordings a twentieth: those
 * who had less lately go before live streams, and a recording that had less can be late as well.
 * The commentary comes behind live streams and answers, and gives way to them between tokens.
 *
 * <p>The mechanism is that of fair queueing with a deadline for order (Linux's EEVDF likewise lets
 * the earliest deadline go first among those that have not had more than their share); shares are
 * those of time used, since nobody knows beforehand what a clip or an answer takes.
 */
public final class ModelSlots {
  /** Behind by which answers give way; the queue of a stream bears four times as much. */
  static final Duration LATE = Duration.ofSeconds(1);

  /** Seconds of lag that a second of use weighs: as many as a stream's queue holds. */
  private static final double USE_WEIGHT = 4;

  private static final double ANSWERS_SHARE = 0.1;
  private static final double RECORDINGS_SHARE = 0.05;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final int slots;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  /** In the order in which they came. */
  private final List<Line> waiting = new ArrayList<>();

  private final RecentUse answersUse = new RecentUse();
  private final RecentUse recordingsUse = new RecentUse();
  private int taken;

  /** @param slots most that use the model at once, answers that may start at once left out */
  public ModelSlots(int slots, InstantSource clock) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots is " + slots + ", must be at least 1");
    }
    this.slots = slots;
    this.clock = clock;
  }

  /** What somebody wants the model for. */
  private enum Use {
    STREAM,
    ANSWER,
    COMMENTARY
  }

  /** For one stream's clips. */
  Line forStream() {
    return new Line(Use.STREAM, () -> false);
  }

  /** For one answer, which leaves the line when it is {@code over}. */
  Line forAnswer(BooleanSupplier over) {
    return new Line(Use.ANSWER, over);
  }

  /** For what Onlooker says on its own. */
  Line forCommentary() {
    return new Line(Use.COMMENTARY, () -> false);
  }

  /** How many stand in line. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The place of one stream or answer. Used by one thread, but {@link #close}, which makes it leave
   * the line, may come from any.
   */
  final class Line implements AutoCloseable {
    private final Use purpose;
    private final BooleanSupplier over;
    private final Condition mayGo = lock.newCondition();
    private final RecentUse use = new RecentUse();
    private Optional<Instant> completeAt = Optional.empty();
    private Instant came = Instant.EPOCH;
    private boolean admitted;
    private boolean closed;

    private Line(Use purpose, BooleanSupplier over) {
      this.purpose = purpose;
      this.over = over;
    }

    /** Waits for a slot without being late. */
    Slot enter() throws InterruptedException {
      return enter(Optional.empty());
    }

    /**
     * Waits for a slot.
     *
     * @param clipCompleteAt since when a live stream's clip waits; empty for a recording's
     * @throws InterruptedException also when the line was closed or is over
     */
    Slot enter(Optional<Instant> clipCompleteAt) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        completeAt = clipCompleteAt;
        came = clock.instant();
        await();
        return new Slot(this, clock.instant());
      } finally {
        lock.unlock();
      }
    }

    private void await() throws InterruptedException {
      requireOpen();
      admitted = false;
      waiting.add(this);
      admit();
      try {
        while (!admitted) {
          if (purpose == Use.ANSWER) {
            mayGo.awaitNanos(LOOK_NANOS); // it may be over, or be allowed to go, by time alone
            admit();
          } else {
            mayGo.await();
          }
          if (!admitted) {
            requireOpen();
          }
        }
      } catch (InterruptedException e) {
        leave();
        throw e;
      }
    }

    private void requireOpen() throws InterruptedException {
      if (closed || over.getAsBoolean()) {
        throw new InterruptedException("left the line");
      }
    }

    private void leave() {
      if (admitted) {
        taken--;
      }
      waiting.remove(this);
      admit();
    }

    private boolean isLive() {
      return purpose == Use.STREAM && completeAt.isPresent();
    }

    private double lagSeconds(Instant now) {
      return completeAt.map(then -> seconds(then, now)).orElse(0.0);
    }

    private boolean isLate(Instant now) {
      boolean mayBe =
          isLive() || purpose == Use.STREAM && hasShare(recordingsUse, RECORDINGS_SHARE, now);
      return mayBe && seconds(completeAt.orElse(came), now) > LATE.toSeconds();
    }

    /** Higher goes first within the same rank; others go in the order in which they came. */
    private double standing(Instant now) {
      return isLive() ? lagSeconds(now) - USE_WEIGHT * use.seconds(now) : 0;
    }

    /** Leaves the line; who waits in it gets an {@link InterruptedException}. */
    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        mayGo.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /** The right to use the model, until it is closed. Used by the thread that entered. */
  final class Slot implements AutoCloseable {
    private final Line line;
    private final Duration waited;
    private final Duration lag;
    private Instant since;
    private boolean open = true;

    private Slot(Line line, Instant now) {
      this.line = line;
      this.waited = Duration.between(line.came, now);
      this.lag = line.completeAt.map(then -> Duration.between(then, now)).orElse(Duration.ZERO);
      this.since = now;
    }

    /** How long it stood in line. */
    Duration waited() {
      return waited;
    }

    /** How long its clip had been complete by then. */
    Duration lag() {
      return lag;
    }

    /** Lets late streams go first, if there are, and if answers have had their share lately. */
    void giveWay() throws InterruptedException {
      lock.lock();
      try {
        charge();
        if (open && givesWay()) {
          release();
          line.await();
          open = true;
          since = clock.instant();
        }
      } finally {
        lock.unlock();
      }
    }

    private boolean givesWay() {
      Rank rank = rank(line, since);
      return rank == Rank.GIVES_WAY
          || rank == Rank.COMMENTARY
              && waiting.stream().anyMatch(other -> rank(other, since).compareTo(rank) < 0);
    }

    private void charge() {
      Instant now = clock.instant();
      Duration used = Duration.between(since, now);
      since = now;
      switch (line.purpose) {
        case STREAM -> (line.isLive() ? line.use : recordingsUse).add(used, now);
        case ANSWER -> answersUse.add(used, now);
        case COMMENTARY -> {} // it has no share of its own
      }
    }

    private void release() {
      open = false;
      taken--;
      admit();
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (open) {
          charge();
          release();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Who goes first. */
  private enum Rank {
    AHEAD,
    LIVE,
    GIVES_WAY,
    COMMENTARY,
    RECORDING
  }

  private Rank rank(Line line, Instant now) {
    if (line.purpose == Use.COMMENTARY) {
      return Rank.COMMENTARY;
    }
    if (line.purpose == Use.ANSWER) {
      boolean first = !isLate(now) || hasShare(answersUse, ANSWERS_SHARE, now);
      return first ? Rank.AHEAD : Rank.GIVES_WAY;
    }
    if (line.isLive()) {
      return Rank.LIVE;
    }
    return hasShare(recordingsUse, RECORDINGS_SHARE, now) ? Rank.AHEAD : Rank.RECORDING;
  }

  private boolean hasShare(RecentUse use, double share, Instant now) {
    return use.seconds(now) < share * slots * RecentUse.FADES.toSeconds();
  }

  private boolean isLate(Instant now) {
    return waiting.stream().anyMatch(line -> line.isLate(now));
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / 1e9;
  }

  /** Hands what is free to who is next; so nobody who comes later can take it away. */
  private void admit() {
    for (Optional<Line> next = next(); next.isPresent(); next = next()) {
      Line line = next.get();
      waiting.remove(line);
      taken++;
      line.admitted = true;
      line.mayGo.signal();
    }
  }

  /** Of those for whom there is room, the first. */
  private Optional<Line> next() {
    Instant now = clock.instant();
    boolean late = isLate(now);
    return waiting.stream()
        .filter(line -> taken < slots || line.purpose == Use.ANSWER && !late)
        .min(Comparator.comparing((Line line) -> rank(line, now))
            .thenComparingDouble(line -> -line.standing(now)));
  }
}
