package org.onlooker.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was there in a stretch, and from when until when, as captions tell it that list what is
 * there: the appearances of each name. Captions somewhat before and behind the stretch are read
 * too, for what was there already and what came to stay.
 */
final class Stays {
  private static final long MARGIN_MICROS = 2 * Appearances.HOLE_MICROS_MAX;

  /** A clip and what came in in it, or is seen in it for the last time; at least one name. */
  record Event(ClipEntry clip, List<String> names) {}

  private record Stay(String name, Appearance appearance) {
    long firstSequence() {
      return appearance.first().key().sequence();
    }

    long lastSequence() {
      return appearance.last().key().sequence();
    }
  }

  private final List<ClipEntry> clips;
  private final List<Stay> stays = new ArrayList<>();
  private final long known;

  /** @param wider clips in time order, of the stretch and somewhat before and behind it */
  Stays(List<ClipEntry> wider, Span stretch, int proofClips) {
    clips = wider.stream().filter(clip -> stretch.overlaps(clip.span())).toList();
    known = wider.isEmpty() ? 0 : wider.getFirst().key().sequence();
    if (wider.isEmpty()) {
      return;
    }
    CaptionNames names = new CaptionNames(wider.stream().map(ClipEntry::caption).toList());
    Span scope =
        new Span(wider.getFirst().span().start(), wider.getLast().span().end());
    Map<String, Appearances.Gatherer> found = new LinkedHashMap<>();
    for (ClipEntry clip : wider) {
      Recalled match = new Recalled(clip.key(), clip.span(), 1, Map.of());
      for (String name : names.in(clip.caption())) {
        found
            .computeIfAbsent(name, _ -> new Appearances.Gatherer(scope, proofClips))
            .add(match);
      }
    }
    found.forEach((name, gatherer) -> gatherer.gathered().kept().stream()
        .filter(appearance -> appearance.span().overlaps(stretch))
        .forEach(appearance -> stays.add(new Stay(name, appearance))));
    stays.sort(Comparator.comparingLong(Stay::firstSequence));
  }

  /** What was there in a stretch, as far as it has been seen. */
  static Stays in(ContextPolicy.Inquiry inquiry, Span stretch) {
    long end = stretch.end().micros();
    Span wider = new Span(
        new Pts(Math.max(0, stretch.start().micros() - MARGIN_MICROS)),
        new Pts(Math.max(end, end + MARGIN_MICROS))); // an endless one stays so
    return new Stays(inquiry.seen(wider), stretch, inquiry.proofClips());
  }

  /** What came in within the stretch, in time order. */
  List<Event> arrivals() {
    Map<Long, List<String>> names = new LinkedHashMap<>();
    stays.stream()
        .filter(this::came)
        .forEach(stay -> told(names, stay.firstSequence()).add(stay.name()));
    return events(names);
  }

  /** Whether it began within the stretch; what the first clip of all shows was there before. */
  private boolean came(Stay stay) {
    return !clips.isEmpty()
        && stay.firstSequence() >= clips.getFirst().key().sequence()
        && stay.firstSequence() > known;
  }

  /** How many names were there. */
  int count() {
    return (int) stays.stream().map(Stay::name).distinct().count();
  }

  /** What was there and is not in the last clip, with the last clips that tell it. */
  List<Event> leavings() {
    Map<Long, List<String>> names = new LinkedHashMap<>();
    until().forEach((name, sequence) -> told(names, sequence).add(name));
    return events(names);
  }

  private static List<String> told(Map<Long, List<String>> names, long sequence) {
    return names.computeIfAbsent(sequence, _ -> new ArrayList<>());
  }

  private List<Event> events(Map<Long, List<String>> names) {
    return clips.stream()
        .filter(clip -> names.containsKey(clip.key().sequence()))
        .map(clip -> new Event(clip, List.copyOf(names.get(clip.key().sequence()))))
        .toList();
  }

  /** Of each name that is not in the last clip, the sequence of the last one that tells it. */
  private Map<String, Long> until() {
    Map<String, Long> until = new LinkedHashMap<>();
    stays.forEach(stay -> until.merge(stay.name(), stay.lastSequence(), Math::max));
    long last = clips.isEmpty() ? 0 : clips.getLast().key().sequence();
    until.values().removeIf(sequence -> sequence >= last);
    return until;
  }
}
