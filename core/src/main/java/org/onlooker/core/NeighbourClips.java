package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.onlooker.core.TimedQuestion.Neighbour;

/**
 * The clips for a question about what came before (after) a thing: the anchor, which is the clip
 * that the thing's first appearance opens with, and the nearest one before (after) it in which
 * something came in that was not there for a while. It reads no more of the stream than {@link
 * #REACH_MICROS}.
 */
final class NeighbourClips {
  /** What came so much earlier or later is no neighbour. */
  static final long REACH_MICROS = 90_000_000;

  /** What one of so many captions before tells was there already, if a caption missed it since. */
  private static final int KNOWN_CLIPS = 4;

  private NeighbourClips() {}

  /** The clips, those that matter most first; none where the thing was never seen. */
  static List<Recalled> of(ContextPolicy.Inquiry inquiry) {
    return inquiry.recaller().recall(inquiry.scope(), RecallQuery.Order.OLDEST, 1).stream()
        .findFirst()
        .map(anchor -> around(inquiry, anchor))
        .orElse(List.of());
  }

  private static List<Recalled> around(ContextPolicy.Inquiry inquiry, Recalled anchor) {
    boolean before = inquiry.question().neighbour() == Neighbour.BEFORE;
    List<ClipEntry> clips = near(inquiry, anchor, before);
    IntStream places = IntStream.range(1, clips.size())
        .filter(i -> before
            ? clips.get(i).key().sequence() < anchor.key().sequence()
            : clips.get(i).key().sequence() > anchor.key().sequence())
        .filter(i -> isArrival(clips, i));
    OptionalInt nearest = before ? places.reduce((a, b) -> b) : places.findFirst();
    List<Recalled> chosen = new ArrayList<>(List.of(anchor));
    nearest.ifPresent(i -> {
      ClipEntry clip = clips.get(i);
      chosen.add(new Recalled(clip.key(), clip.span(), 1, Map.of("order", 1.0)));
    });
    return chosen;
  }

  /** What is in reach before (after) the anchor, with what was known when it came. */
  private static List<ClipEntry> near(
      ContextPolicy.Inquiry inquiry, Recalled anchor, boolean before) {
    long start = anchor.span().start().micros();
    long known = KNOWN_CLIPS * (anchor.span().end().micros() - start);
    Span reach = before
        ? new Span(new Pts(Math.max(0, start - REACH_MICROS)), new Pts(start))
        : new Span(new Pts(Math.max(0, start - known)), new Pts(start + REACH_MICROS));
    return inquiry.seen(reach).stream()
        .filter(clip -> inquiry.scope().overlaps(clip.span()))
        .toList();
  }

  private static boolean isArrival(List<ClipEntry> clips, int place) {
    List<String> known = clips.subList(Math.max(0, place - KNOWN_CLIPS), place).stream()
        .map(ClipEntry::caption)
        .toList();
    return Arrivals.since(known, clips.get(place).caption());
  }
}
