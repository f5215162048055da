package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Keeps what is remembered within limits: the oldest goes first, of whichever stream it is.
 *
 * <p>By age, and by bytes of memory, index and recorded video together. Over the limit of bytes,
 * video goes before memory as long as it is more than half of them: a minute of it takes as much as
 * an hour of memory. When the disk is nearly full the oldest goes as well, but never what is
 * younger than {@link #SPARED}, since another program may be what fills it.
 *
 * <p>Life cycle: 1. constructed; 2. {@link #start}, from then on a thread of its own takes a {@link
 * #step} each minute; 3. {@link #close}, which waits for a step in progress.
 */
public final class Retention implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Retention.class.getName());
  private static final long PERIOD_SECONDS = 60;
  private static final long CLOSE_SECONDS = 5;
  /** Never removed for want of space on the disk. */
  private static final Duration SPARED = Duration.ofHours(1);
  /** Never removed at all: what is being watched and written. */
  private static final Duration LIVE = Duration.ofMinutes(2);
  /** What goes at once: of the age, of the limit of bytes, of the time that is kept. */
  private static final int SLICES = 24;

  /**
   * What may be kept.
   *
   * @param age empty for any
   * @param bytesMax of all files
   * @param freeBytesMin that must stay free on the disk
   */
  public record Limits(Optional<Duration> age, long bytesMax, long freeBytesMin) {}

  private final Limits limits;
  private final StretchRemoval removal;
  private final MemoryStore store;
  private final MemoryIndex index;
  private final Segments segments;
  private final LongSupplier freeBytes;
  private final InstantSource clock;

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform()
          .daemon()
          .name("retention")
          .priority(Thread.MIN_PRIORITY)
          .factory());

  /** What is kept of a stream, as wall-clock time. */
  private record Kept(StreamRecord stream, Pts oldest) {
    Instant time() {
      return stream.startTime().plusNanos(oldest.micros() * 1_000);
    }
  }

  /** @param freeBytes on the disk of the data folder */
  public Retention(
      Limits limits,
      Stages stages,
      Segments segments,
      LongSupplier freeBytes,
      InstantSource clock) {
    this.limits = limits;
    this.removal = new StretchRemoval(
        stages.store(), stages.index(), segments, stages.model().card());
    this.store = stages.store();
    this.index = stages.index();
    this.segments = segments;
    this.freeBytes = freeBytes;
    this.clock = clock;
  }

  public void start() {
    thread.scheduleWithFixedDelay(
        this::stepLogged, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void stepLogged() {
    try {
      step();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "old memory could not be removed; tried again", e);
    }
  }

  /** Removes what is over a limit; a call with nothing to do costs little. */
  public void step() {
    limits.age().ifPresent(this::removeOlder);
    long goal = limits.bytesMax() - limits.bytesMax() / SLICES;
    if (bytes() > limits.bytesMax()) {
      boolean more = true;
      while (more && bytes() > goal) {
        more = removeSlice(LIVE);
      }
    }
    boolean more = true;
    while (more && freeBytes.getAsLong() < limits.freeBytesMin()) {
      more = removeSlice(SPARED);
    }
  }

  private long bytes() {
    return store.bytes() + index.bytes() + segments.bytes();
  }

  private void removeOlder(Duration age) {
    Instant now = clock.instant();
    boolean due = kept(false).anyMatch(kept -> kept.time().isBefore(now.minus(age)))
        || kept(true).anyMatch(kept -> kept.time().isBefore(now.minus(age)));
    if (due) {
      remove(now.minus(age).plus(age.dividedBy(SLICES)), false);
    }
  }

  /** Removes the oldest of what there is; false when that gave nothing back. */
  private boolean removeSlice(Duration spared) {
    boolean video = segments.bytes() > bytes() / 2;
    Optional<Instant> oldest = kept(video).map(Kept::time).min(Comparator.naturalOrder());
    Instant newest = clock.instant().minus(spared);
    if (oldest.isEmpty() || !oldest.get().isBefore(newest)) {
      return false;
    }
    Duration slice = Duration.between(oldest.get(), clock.instant()).dividedBy(SLICES);
    Instant before = oldest.get().plus(slice.compareTo(LIVE) < 0 ? LIVE : slice);
    long was = bytes();
    remove(before.isBefore(newest) ? before : newest, video);
    return bytes() < was;
  }

  private void remove(Instant before, boolean videoOnly) {
    for (StreamRecord stream : store.streams()) {
      long micros = Duration.between(stream.startTime(), before).toNanos() / 1_000;
      if (micros > 0) {
        StreamId id = stream.spec().id();
        Span stretch = new Span(Pts.ZERO, new Pts(micros));
        if (videoOnly) {
          segments.remove(id, stretch);
        } else {
          removal.remove(id, stretch);
        }
      }
    }
  }

  /** The streams that have something, video or clips. */
  private Stream<Kept> kept(boolean video) {
    return store.streams().stream()
        .flatMap(stream ->
            oldest(stream.spec().id(), video).stream().map(span -> new Kept(stream, span.start())));
  }

  private Optional<Span> oldest(StreamId stream, boolean video) {
    return video
        ? segments.overlapping(stream, Span.ALL).stream().map(Segment::span).findFirst()
        : store.entriesFrom(stream, 0, 1).stream().map(ClipEntry::span).findFirst();
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.log(System.Logger.Level.INFO, "old memory is still being removed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
