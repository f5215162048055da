package org.onlooker.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chooses which clips stand before the model when a question is asked. */
public interface ContextPolicy {
  String name();

  /**
   * Chooses the clips.
   *
   * @throws Refused where this policy cannot serve the question; the message says why
   */
  Selection select(Inquiry inquiry) throws Refused;

  /**
   * What a policy may look at.
   *
   * @param asOf only clips that end at or before it may be chosen
   * @param clipBudget most clips
   * @param proofClips as in {@link ModelCard}
   * @param spans what the asker says the answer may rest on; for {@link OraclePolicy} alone
   * @param moments what the turn before was about, newest first, where the question refers to it
   */
  record Inquiry(
      TimedQuestion question,
      StreamId stream,
      Pts asOf,
      int clipBudget,
      int proofClips,
      List<Span> spans,
      List<Pts> moments,
      MemoryStore store,
      Recaller recaller) {
    /** Whether a caption lists what is there, so that what came in can be read off captions. */
    boolean captionsList() {
      return proofClips > 1;
    }

    /** The stretch asked about, as far as it has been seen. */
    Span scope() {
      return question.scope().orElse(Span.ALL).until(asOf);
    }

    /** The clips that overlap {@code span} and end by {@link #asOf}, in time order. */
    List<ClipEntry> seen(Span span) {
      return store.entries(stream, span.until(asOf)).stream()
          .filter(entry -> !asOf.isBefore(entry.span().end()))
          .toList();
    }
  }

  /** Recall for the question at hand, embedding and floor already filled in. */
  interface Recaller {
    List<Recalled> recall(Span scope, RecallQuery.Order order, int limit);

    /**
     * The clips that each layer's queries find, in time order.
     *
     * @param limit clips of each layer
     * @throws Refused where the pack's decoder does not tell its queries
     */
    Map<ClipEntry, Layers> byQueries(Span scope, InternalRecall.Nearness nearness, int limit)
        throws Refused;

    /** When what the question names was there; empty where captions know no such name. */
    Optional<Appearances> appearances(Span scope);
  }

  /**
   * The choice, in time order.
   *
   * @param fresh prefill the clips from their tokens instead of serving stored blocks
   * @param notes what captions tell of what is asked about, told before the question; empty for
   *     nothing
   * @param layers in which a clip is seen, where that is not all
   */
  record Selection(
      List<Recalled> clips,
      boolean fresh,
      List<TimedQuestion.Part> notes,
      Map<ClipKey, Layers> layers) {
    public Selection {
      clips = List.copyOf(clips);
      notes = List.copyOf(notes);
      layers = Map.copyOf(layers);
    }

    /** A choice of clips that all layers see. */
    public Selection(List<Recalled> clips, boolean fresh, List<TimedQuestion.Part> notes) {
      this(clips, fresh, notes, Map.of());
    }

    /** A choice without notes. */
    public Selection(List<Recalled> clips, boolean fresh) {
      this(clips, fresh, List.of());
    }

    Selection with(List<TimedQuestion.Part> told) {
      return new Selection(clips, fresh, told, layers);
    }

    /** The stored blocks of {@code clips}, put in time order. */
    static Selection inTimeOrder(Collection<Recalled> clips) {
      return new Selection(
          clips.stream()
              .sorted(Comparator.comparingLong(clip -> clip.key().sequence()))
              .toList(),
          false);
    }
  }
}
