package org.onlooker.core;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Clips for a question about a stretch as a whole, its first and its last among them. Where
 * captions list what is there, the others are those in which something came in; else they are
 * evenly spread. A long stretch is not listed: the clip nearest to each of so many moments is
 * looked up, so that the cost does not grow with it.
 */
final class StretchClips {
  /** As many as models are trained on; more say little that these do not. */
  private static final int CLIPS_MAX = 20;

  /** A longer stretch is not listed. */
  private static final long LISTED_MICROS_MAX = 600_000_000;

  private final ContextPolicy.Inquiry inquiry;
  private final Span scope;

  private StretchClips(ContextPolicy.Inquiry inquiry) {
    this.inquiry = inquiry;
    this.scope = inquiry.scope();
  }

  /** At most {@code room} and {@link #CLIPS_MAX}, in time order. */
  static List<Recalled> of(ContextPolicy.Inquiry inquiry, int room) {
    return new StretchClips(inquiry)
        .chosen(Math.min(room, CLIPS_MAX)).stream()
            .map(clip -> Recalled.chosen(clip, "spread", 0))
            .toList();
  }

  /** Whether all clips of a stretch may be looked at. */
  static boolean isListed(Span stretch) {
    return stretch.end().micros() - stretch.start().micros() <= LISTED_MICROS_MAX;
  }

  private List<ClipEntry> chosen(int limit) {
    if (limit < 1) {
      return List.of();
    }
    if (!isListed(scope)) {
      return nearestToEven(limit);
    }
    return Evenly.of(inquiry.captionsList() ? changes() : inquiry.seen(scope), limit);
  }

  private List<ClipEntry> changes() {
    List<ClipEntry> clips = inquiry.seen(scope);
    if (clips.size() < 3) {
      return clips;
    }
    Map<ClipKey, ClipEntry> changes = new TreeMap<>(Comparator.comparingLong(ClipKey::sequence));
    changes.put(clips.getFirst().key(), clips.getFirst());
    changes.put(clips.getLast().key(), clips.getLast());
    Stays.in(inquiry, scope).arrivals().stream()
        .map(Stays.Event::clip)
        .forEach(clip -> changes.put(clip.key(), clip));
    return List.copyOf(changes.values());
  }

  private List<ClipEntry> nearestToEven(int limit) {
    Optional<ClipEntry> first = nearest(scope.start());
    Optional<ClipEntry> last = nearest(scope.end());
    if (first.isEmpty() || last.isEmpty() || limit == 1) {
      return last.stream().toList();
    }
    long from = middle(first.get());
    double step = (middle(last.get()) - from) / (double) (limit - 1);
    Map<ClipKey, ClipEntry> clips = new LinkedHashMap<>();
    for (int i = 0; i < limit; i++) {
      nearest(new Pts(from + Math.round(i * step))).ifPresent(clip -> clips.put(clip.key(), clip));
    }
    return List.copyOf(clips.values());
  }

  private static long middle(ClipEntry clip) {
    return (clip.span().start().micros() + clip.span().end().micros()) / 2;
  }

  /** Of the clip that ends by a moment and the one behind it, the nearer one in the stretch. */
  private Optional<ClipEntry> nearest(Pts moment) {
    Optional<ClipEntry> before =
        inquiry.store().newest(inquiry.stream(), moment, 1).stream().findFirst();
    long next = before.map(clip -> clip.key().sequence() + 1).orElse(0L);
    Stream<ClipEntry> behind = inquiry.store().entriesFrom(inquiry.stream(), next, 1).stream();
    return Stream.concat(behind, before.stream())
        .filter(clip -> scope.overlaps(clip.span()))
        .filter(clip -> !inquiry.asOf().isBefore(clip.span().end()))
        .reduce((one, other) -> distance(other, moment) < distance(one, moment) ? other : one);
  }

  private static long distance(ClipEntry clip, Pts moment) {
    return clip.span().distanceMicros(moment);
  }
}
