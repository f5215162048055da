package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.onlooker.core.TimedQuestion.Neighbour;

/**
 * The clips for a question about what came before (after) a thing: the anchor, which is the clip
 * that the thing's first appearance opens with, and the nearest one before (after) it in which
 * something came in. It reads little more of the stream than {@link #REACH_MICROS}.
 */
final class NeighbourClips {
  /** What came so much earlier or later is no neighbour. */
  static final long REACH_MICROS = 90_000_000;

  private NeighbourClips() {}

  /** The clips, those that matter most first; none where the thing was never seen. */
  static List<Recalled> of(ContextPolicy.Inquiry inquiry) {
    return inquiry.recaller().recall(inquiry.scope(), RecallQuery.Order.OLDEST, 1).stream()
        .findFirst()
        .map(anchor -> around(inquiry, anchor))
        .orElse(List.of());
  }

  private static List<Recalled> around(ContextPolicy.Inquiry inquiry, Recalled anchor) {
    Pts start = anchor.span().start();
    List<Recalled> chosen = new ArrayList<>(List.of(anchor));
    nearest(inquiry, start).map(clip -> Recalled.chosen(clip, "order", 1)).ifPresent(chosen::add);
    return chosen;
  }

  private static Optional<ClipEntry> nearest(ContextPolicy.Inquiry inquiry, Pts start) {
    Pts reach = new Pts(Math.max(0, start.micros() - REACH_MICROS));
    Pts next = start.plusMicros(1);
    boolean before = inquiry.question().neighbour() == Neighbour.BEFORE;
    Span span = before ? new Span(reach, start) : new Span(next, next.plusMicros(REACH_MICROS));
    Stream<ClipEntry> arrivals = Stays.in(inquiry, span).arrivals().stream()
        .map(Stays.Event::clip)
        .filter(clip -> span.contains(clip.span().start()))
        .filter(clip -> inquiry.scope().overlaps(clip.span()));
    return before ? arrivals.reduce((_, later) -> later) : arrivals.findFirst();
  }
}
