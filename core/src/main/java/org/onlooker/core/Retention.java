package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
   * @param bytesMax of all files; empty for any
   * @param freeBytesMin that must stay free on the disk
   */
  public record Limits(Optional<Duration> age, OptionalLong bytesMax, long freeBytesMin) {}

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

  /** Whether removing gives the disk room, as far as is known. */
  private boolean helps = true;

  /** A stream of which something may be kept, and the wall-clock time of its media time zero. */
  private record Dated(StreamId id, Instant startTime) {
    Instant at(Pts moment) {
      return startTime.plusNanos(moment.micros() * 1_000);
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
    limits.bytesMax().ifPresent(this::removeBeyond);
    makeRoom();
  }

  private void removeBeyond(long bytesMax) {
    boolean more = bytes() > bytesMax;
    while (more && bytes() > bytesMax - bytesMax / SLICES) {
      more = removeSlice(LIVE);
    }
  }

  /** What backups hold too stays on the disk: where removing gives no room, it ends. */
  private void makeRoom() {
    long free = freeBytes.getAsLong();
    helps |= free >= limits.freeBytesMin();
    while (helps && free < limits.freeBytesMin() && removeSlice(SPARED)) {
      long before = free;
      free = freeBytes.getAsLong();
      helps = free > before;
      if (!helps) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the disk is nearly full, and removing what is oldest gives it no room: backups hold"
                + " it too, or another program fills the disk; make room");
      }
    }
  }

  private long bytes() {
    return store.bytes() + index.bytes() + segments.bytes();
  }

  private void removeOlder(Duration age) {
    Instant now = clock.instant();
    Instant limit = now.minus(age);
    if (Stream.of(oldest(false), oldest(true)).flatMap(Optional::stream).anyMatch(limit::isAfter)) {
      remove(limit.plus(age.dividedBy(SLICES)), false);
    }
  }

  /** Removes the oldest of what there is; false when that gave nothing back. */
  private boolean removeSlice(Duration spared) {
    boolean video = segments.bytes() > bytes() / 2;
    Optional<Instant> oldest = oldest(video);
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
    for (Dated stream : streams()) {
      long micros = Duration.between(stream.startTime(), before).toNanos() / 1_000;
      if (micros > 0) {
        Span stretch = new Span(Pts.ZERO, new Pts(micros));
        if (videoOnly) {
          segments.remove(stream.id(), stretch);
        } else {
          removal.remove(stream.id(), stretch);
        }
      }
    }
  }

  /** Those that are watched, and those that were removed without their memory. */
  private List<Dated> streams() {
    List<Dated> streams = new ArrayList<>();
    for (StreamId id : store.remembered()) {
      store.entriesFrom(id, 0, 1).stream()
          .map(clip -> new Dated(id, clip.streamStart()))
          .forEach(streams::add);
    }
    store.streams().stream()
        .map(watched -> new Dated(watched.spec().id(), watched.startTime()))
        .filter(watched -> streams.stream().noneMatch(known -> known.id().equals(watched.id())))
        .forEach(streams::add);
    return streams;
  }

  /** When the oldest was seen of all video, or of all clips. */
  private Optional<Instant> oldest(boolean video) {
    return streams().stream()
        .flatMap(stream -> oldest(stream.id(), video).map(stream::at).stream())
        .min(Comparator.naturalOrder());
  }

  private Optional<Pts> oldest(StreamId stream, boolean video) {
    Stream<Span> spans = video
        ? segments.overlapping(stream, Span.ALL).stream().map(Segment::span)
        : store.entriesFrom(stream, 0, 1).stream().map(ClipEntry::span);
    return spans.map(Span::start).findFirst();
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
