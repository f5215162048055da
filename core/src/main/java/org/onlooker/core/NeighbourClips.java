package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.onlooker.core.TimedQuestion.Neighbour;

/**
 * The clips for a question about what came before (after) a thing: the anchor, which is the clip
 * that the thing's first appearance opens with; the nearest ones before (after) it in which
 * something came in; and what was to be seen right before (after) it. It reads no more of the
 * stream than {@link #REACH_MICROS}.
 */
final class NeighbourClips {
  static final int ARRIVALS_MAX = 6;

  /** What came so much earlier or later is no neighbour. */
  static final long REACH_MICROS = 90_000_000;

  private static final int RIGHT_BEFORE = 2;
  private static final int RIGHT_AFTER = 1;

  private NeighbourClips() {}

  /** The clips, those that matter most first; none where the thing was never seen. */
  static List<Recalled> of(ContextPolicy.Inquiry inquiry) {
    return inquiry.recaller().recall(inquiry.scope(), RecallQuery.Order.OLDEST, 1).stream()
        .findFirst()
        .map(anchor -> around(inquiry, anchor))
        .orElse(List.of());
  }

  private static List<Recalled> around(ContextPolicy.Inquiry inquiry, Recalled anchor) {
    List<ClipEntry> arrivals = new ArrayList<>();
    List<ClipEntry> beside;
    if (inquiry.question().neighbour() == Neighbour.BEFORE) {
      List<ClipEntry> earlier = earlier(inquiry, anchor);
      for (int i = earlier.size() - 1; i > 0; i--) {
        addArrival(arrivals, earlier.get(i - 1), earlier.get(i), anchor);
      }
      beside = earlier.reversed().stream().limit(RIGHT_BEFORE).toList();
    } else {
      List<ClipEntry> later = later(inquiry, anchor);
      for (int i = 1; i < later.size(); i++) {
        addArrival(arrivals, later.get(i - 1), later.get(i), anchor);
      }
      beside = later.stream().skip(1).limit(RIGHT_AFTER).toList();
    }
    List<Recalled> clips = new ArrayList<>(List.of(anchor));
    arrivals.forEach(clip -> clips.add(neighbour(clip, 1.0 / clips.size())));
    int behindNearest = Math.min(2, clips.size());
    clips.addAll(behindNearest, beside.stream().map(clip -> neighbour(clip, 0)).toList());
    return clips;
  }

  /** The anchor is not among them. */
  private static List<ClipEntry> earlier(ContextPolicy.Inquiry inquiry, Recalled anchor) {
    Pts start = anchor.span().start();
    Pts from = new Pts(Math.max(0, start.micros() - REACH_MICROS));
    return inScope(inquiry, new Span(from, start)).stream()
        .filter(clip -> clip.key().sequence() < anchor.key().sequence())
        .toList();
  }

  /** The anchor comes first. */
  private static List<ClipEntry> later(ContextPolicy.Inquiry inquiry, Recalled anchor) {
    Pts start = anchor.span().start();
    return inScope(inquiry, new Span(start, start.plusMicros(REACH_MICROS))).stream()
        .filter(clip -> clip.key().sequence() >= anchor.key().sequence())
        .toList();
  }

  private static List<ClipEntry> inScope(ContextPolicy.Inquiry inquiry, Span span) {
    return inquiry.seen(span).stream()
        .filter(clip -> inquiry.scope().overlaps(clip.span()))
        .toList();
  }

  private static void addArrival(
      List<ClipEntry> arrivals, ClipEntry previous, ClipEntry clip, Recalled anchor) {
    long away = Math.abs(clip.span().start().micros() - anchor.span().start().micros());
    if (arrivals.size() < ARRIVALS_MAX
        && away < REACH_MICROS
        && Arrivals.between(previous.caption(), clip.caption())) {
      arrivals.add(clip);
    }
  }

  private static Recalled neighbour(ClipEntry entry, double nearness) {
    return new Recalled(entry.key(), entry.span(), nearness, Map.of("order", nearness));
  }
}
