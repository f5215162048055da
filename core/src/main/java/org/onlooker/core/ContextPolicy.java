package org.onlooker.core;

import java.util.List;

/** Chooses which clips stand before the model when a question is asked. */
public interface ContextPolicy {
  String name();

  Selection select(Inquiry inquiry);

  /**
   * What a policy may look at.
   *
   * @param asOf only clips that end at or before it may be chosen
   * @param clipBudget most clips
   */
  record Inquiry(
      TimedQuestion question,
      StreamId stream,
      Pts asOf,
      int clipBudget,
      MemoryStore store,
      Recaller recaller) {}

  /** Recall for the question at hand, embedding and floor already filled in. */
  @FunctionalInterface
  interface Recaller {
    List<Recalled> recall(Span scope, RecallQuery.Order order, int limit);
  }

  /**
   * The choice, in time order.
   *
   * @param fresh prefill the clips from their tokens instead of serving stored blocks
   */
  record Selection(List<Recalled> clips, boolean fresh) {
    public Selection {
      clips = List.copyOf(clips);
    }
  }
}
