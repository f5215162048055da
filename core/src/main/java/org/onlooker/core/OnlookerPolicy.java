package org.onlooker.core;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The default: the recent window always, and history only when the question needs it, because
 * history harms questions about now (SimpleStream, arXiv 2604.02317, table of per-task scores).
 *
 * <p>A question about a moment gets the clips around it; one about history gets what recall finds
 * in the stretch it names. A question about how often or all times gets the opening clip of each
 * appearance, and the recent window only what they leave of the budget, at least the newest clip. A
 * clip both recalled and recent appears once.
 */
public final class OnlookerPolicy implements ContextPolicy {
  private static final long AROUND_MICROS = 1_500_000;
  private static final int MOMENT_CLIPS_MAX = 3;

  @Override
  public String name() {
    return "onlooker";
  }

  @Override
  public Selection select(Inquiry inquiry) {
    int recentBudget = RecentPolicy.besideHistory(inquiry.clipBudget());
    Map<ClipKey, Recalled> chosen = new LinkedHashMap<>();
    int kept = isAboutEvery(inquiry.question()) ? 1 : recentBudget;
    history(inquiry, inquiry.clipBudget() - kept).forEach(clip -> chosen.put(clip.key(), clip));
    Span scope = inquiry.question().scope().orElse(Span.ALL);
    int left = inquiry.clipBudget() - chosen.size();
    RecentPolicy.newest(inquiry, Math.min(recentBudget, left)).stream()
        .filter(clip -> scope.overlaps(clip.span()))
        .forEach(clip -> chosen.putIfAbsent(clip.key(), clip));
    return Selection.inTimeOrder(chosen.values());
  }

  private static boolean isAboutEvery(TimedQuestion question) {
    return question.about() == TimedQuestion.About.HISTORY
        && question.order() == RecallQuery.Order.EVERY;
  }

  private static List<Recalled> history(Inquiry inquiry, int limit) {
    return switch (inquiry.question().about()) {
      case NOW -> List.of();
      case MOMENT ->
        inquiry.question().moment().map(moment -> around(inquiry, moment)).orElse(List.of());
      case HISTORY ->
        inquiry.recaller().recall(inquiry.scope(), inquiry.question().order(), limit);
    };
  }

  /** The clips nearest to a moment, nearest first. */
  private static List<Recalled> around(Inquiry inquiry, Pts moment) {
    Pts from = new Pts(Math.max(0, moment.micros() - AROUND_MICROS));
    return inquiry.seen(new Span(from, moment.plusMicros(AROUND_MICROS))).stream()
        .sorted(Comparator.comparingLong(entry -> entry.span().distanceMicros(moment)))
        .limit(MOMENT_CLIPS_MAX)
        .map(entry -> {
          double nearness = 1 / (1 + entry.span().distanceMicros(moment) / 1e6);
          return new Recalled(entry.key(), entry.span(), nearness, Map.of("time", nearness));
        })
        .toList();
  }
}
