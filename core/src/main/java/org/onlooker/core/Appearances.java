package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When what a question names was there, over a whole stretch: every match counts, not only the
 * best. Matches with at most {@link #HOLE_MICROS_MAX} between them are one appearance. A few alone
 * are none: what tells them is wrong now and then, but rarely time after time.
 *
 * @param count appearances found
 * @param kept in time order: all of them, or, beyond {@link #KEPT_MAX}, evenly many of them with
 *     the oldest and the newest
 */
public record Appearances(long count, List<Appearance> kept) {
  /** A thing that is hidden, or missed by a caption, for so long has not left. */
  public static final long HOLE_MICROS_MAX = 4_000_000;

  /** An appearance so near to an end of what is looked at may go on beyond it. */
  private static final long CUT_MICROS_MAX = 1_000_000;

  /** Bounds what one question may hold in memory (about 1 MB). */
  public static final int KEPT_MAX = 1024;

  public Appearances {
    kept = List.copyOf(kept);
  }

  /** Whether {@code kept} holds every appearance. */
  public boolean isComplete() {
    return kept.size() == count;
  }

  /**
   * Those that a question in such an order wants.
   *
   * @param order one {@link RecallQuery.Order#isOfAppearances of appearances}
   */
  public List<Recalled> clips(RecallQuery.Order order, int limit) {
    return switch (order) {
      case EVERY -> openings(limit);
      case WHOLE -> newestEnds(limit);
      case RELEVANCE, NEWEST, OLDEST ->
        throw new IllegalArgumentException("appearances have no order " + order);
    };
  }

  /** The first and the last clip of the newest appearance, which may be one clip. */
  public List<Recalled> newestEnds(int limit) {
    return kept.isEmpty()
        ? List.of()
        : Stream.of(kept.getLast().first(), kept.getLast().last())
            .distinct()
            .limit(limit)
            .toList();
  }

  /**
   * The clip that each appearance starts with, in time order. When there are more than {@code
   * limit}, evenly many of them; the newest and the oldest stay, in this order of importance.
   */
  public List<Recalled> openings(int limit) {
    return Evenly.of(kept, limit).stream().map(Appearance::first).toList();
  }

  /**
   * Gathers appearances from matches given one by one in time order, in bounded memory.
   *
   * <p>When {@link #KEPT_MAX} are held, every second one is let go and from then on only every
   * second (fourth, eighth, …) is held, so that what stays is evenly spread however many come.
   */
  public static final class Gatherer {
    private final List<Appearance> held = new ArrayList<>();
    private final Span scope;
    private final int proofClips;
    private Optional<Appearance> open = Optional.empty();
    private long closed;
    private long step = 1;

    /**
     * @param scope in which matches are looked for; an appearance that reaches one of its ends may
     *     be cut off there, unless that is the start of all, and counts however few its matches are
     * @param proofClips matches that it takes otherwise
     */
    public Gatherer(Span scope, int proofClips) {
      this.scope = scope;
      this.proofClips = proofClips;
    }

    /** @throws IllegalArgumentException for a match that starts before the one before it */
    public void add(Recalled match) {
      add(Appearance.of(match));
    }

    /**
     * Adds many matches in one step.
     *
     * @param run of them without holes longer than {@link #HOLE_MICROS_MAX}
     * @throws IllegalArgumentException when it starts before the match before it
     */
    public void add(Appearance run) {
      if (open.isEmpty()) {
        open = Optional.of(run);
        return;
      }
      Appearance current = open.get();
      if (run.span().start().isBefore(current.last().span().start())) {
        throw new IllegalArgumentException(
            "match " + run.first().key() + " starts before " + current.last().key());
      }
      if (current.holeMicros(run) <= HOLE_MICROS_MAX) {
        open = Optional.of(current.with(run));
      } else {
        close(current);
        open = Optional.of(run);
      }
    }

    private boolean isProven(Appearance appearance) {
      Span span = appearance.span();
      return appearance.clipCount() >= proofClips
          || scope.start().micros() > 0
              && span.start().micros() - scope.start().micros() <= CUT_MICROS_MAX
          || scope.end().micros() - span.end().micros() <= CUT_MICROS_MAX;
    }

    private void close(Appearance appearance) {
      if (!isProven(appearance)) {
        return;
      }
      if (closed % step == 0) {
        if (held.size() == KEPT_MAX - 1) { // one place is the newest one's
          thin();
        }
        if (closed % step == 0) {
          held.add(appearance);
        }
      }
      closed++;
    }

    private void thin() {
      List<Appearance> even = new ArrayList<>();
      for (int i = 0; i < held.size(); i += 2) {
        even.add(held.get(i));
      }
      held.clear();
      held.addAll(even);
      step *= 2;
    }

    public Appearances gathered() {
      List<Appearance> all = new ArrayList<>(held);
      open.filter(this::isProven).ifPresent(all::add);
      return new Appearances(closed + all.size() - held.size(), all);
    }
  }
}
