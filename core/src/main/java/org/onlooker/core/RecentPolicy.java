package org.onlooker.core;

import java.util.List;
import java.util.Map;

/**
 * The four newest clips, prefilled fresh: the baseline to beat (SimpleStream, arXiv 2604.02317).
 */
public final class RecentPolicy implements ContextPolicy {
  static final int RECENT_CLIPS = 4;

  @Override
  public String name() {
    return "recent";
  }

  @Override
  public Selection select(Inquiry inquiry) {
    return new Selection(newest(inquiry, RECENT_CLIPS), true);
  }

  /**
   * The clips of a budget that are for the recent window where history shares it: half of a small
   * budget, four of a middling one, a quarter of a large one.
   */
  static int besideHistory(int clipBudget) {
    return Math.max(Math.clamp(clipBudget / 2, 1, RECENT_CLIPS), clipBudget / 4);
  }

  static List<Recalled> newest(Inquiry inquiry, int limit) {
    return inquiry
        .store()
        .newest(inquiry.stream(), inquiry.asOf(), Math.min(limit, inquiry.clipBudget()))
        .stream()
        .map(entry -> new Recalled(entry.key(), entry.span(), 1, Map.of("recent", 1.0)))
        .toList();
  }
}
