package org.onlooker.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Neighbour;

/**
 * The default: the recent window always, and history only when the question needs it, because
 * history harms questions about now (SimpleStream, arXiv 2604.02317, table of per-task scores).
 *
 * <p>A question about a moment gets the clips around it; one about history gets what recall finds
 * in the stretch it names. Then, by what it asks for:
 *
 * <ul>
 *   <li>how often, all times: the opening clip of each appearance, alone;
 *   <li>how long: all clips of the newest appearance, alone;
 *   <li>what came before or after a thing: {@link NeighbourClips}, alone;
 *   <li>a stretch as a whole, or one in which recall finds nothing: {@link StretchClips} too, and
 *       where captions list what is there no others;
 *   <li>anything else of the past: where captions list what is there, the newest appearance, which
 *       proves it; else the best matches;
 *   <li>what an earlier turn was about: the clips around its moments too, in at most half of the
 *       places for history.
 * </ul>
 *
 * <p>A clip that is chosen twice appears once. Where captions list what is there, {@link Notes} of
 * what is asked about come with the clips, and what came and went is answered from {@link
 * ChangeClips}, alone.
 */
public final class OnlookerPolicy implements ContextPolicy {
  private static final long AROUND_MICROS = 1_500_000;
  private static final int MOMENT_CLIPS_MAX = 3;

  /** Below the nearest clip of the question's own moment, above what recall only ranks. */
  private static final double DIALOGUE_WEIGHT = 0.5;

  @Override
  public String name() {
    return "onlooker";
  }

  @Override
  public Selection select(Inquiry inquiry) {
    TimedQuestion question = inquiry.question();
    if (ChangeClips.answer(inquiry)) {
      return ChangeClips.of(inquiry);
    }
    int recentBudget = RecentPolicy.besideHistory(inquiry.clipBudget());
    boolean alone = isAlone(question);
    int room = inquiry.clipBudget() - (alone ? 0 : recentBudget);
    List<Recalled> dialogue = ofDialogue(inquiry, room / 2);
    Map<ClipKey, Recalled> chosen = new LinkedHashMap<>();
    history(inquiry, room - dialogue.size()).forEach(clip -> chosen.put(clip.key(), clip));
    boolean spread = question.scope().isPresent() && (isAboutAll(question) || chosen.isEmpty());
    dialogue.forEach(clip -> chosen.putIfAbsent(clip.key(), clip));
    if (spread) {
      StretchClips.of(inquiry, room - chosen.size())
          .forEach(clip -> chosen.putIfAbsent(clip.key(), clip));
    }
    Span scope = question.scope().orElse(Span.ALL);
    boolean complete = (alone || spread && inquiry.captionsList()) && !chosen.isEmpty();
    int left = complete ? 0 : inquiry.clipBudget() - chosen.size();
    RecentPolicy.newest(inquiry, Math.min(recentBudget, left)).stream()
        .filter(clip -> scope.overlaps(clip.span()))
        .forEach(clip -> chosen.putIfAbsent(clip.key(), clip));
    return Selection.inTimeOrder(chosen.values()).with(notes(inquiry));
  }

  /** Where captions list what is there, all that they tell of the thing that is asked about. */
  private static List<TimedQuestion.Part> notes(Inquiry inquiry) {
    TimedQuestion question = inquiry.question();
    boolean aboutOneMoment =
        question.order() == RecallQuery.Order.RELEVANCE && !inquiry.moments().isEmpty();
    if (!inquiry.captionsList()
        || question.about() != About.HISTORY
        || isAboutNeighbours(question)
        || aboutOneMoment) {
      return List.of();
    }
    boolean ofOne = question.order() == RecallQuery.Order.WHOLE;
    return inquiry
        .recaller()
        .appearances(inquiry.scope())
        .map(found ->
            ofOne && found.count() > 0 ? Notes.stay(found.kept().getLast()) : Notes.seen(found))
        .orElse(List.of());
  }

  /** Whether what recall finds is all that may be seen, where it finds anything. */
  private static boolean isAlone(TimedQuestion question) {
    return isAboutNeighbours(question)
        || question.about() == About.HISTORY
            && (question.order() == RecallQuery.Order.EVERY
                || question.order() == RecallQuery.Order.WHOLE);
  }

  /** Whether all that was there matters, not one end of time, nor one thing's neighbour. */
  private static boolean isAboutAll(TimedQuestion question) {
    return question.order() == RecallQuery.Order.RELEVANCE && !isAboutNeighbours(question);
  }

  private static boolean isAboutNeighbours(TimedQuestion question) {
    return question.neighbour() != Neighbour.NONE;
  }

  private static List<Recalled> history(Inquiry inquiry, int limit) {
    TimedQuestion question = inquiry.question();
    return switch (question.about()) {
      case NOW -> List.of();
      case MOMENT ->
        question.moment().map(moment -> around(inquiry, moment, "time", 1)).orElse(List.of());
      case HISTORY ->
        isAboutNeighbours(question)
            ? NeighbourClips.of(inquiry).stream().limit(limit).toList()
            : recalled(inquiry, limit);
    };
  }

  private static List<Recalled> recalled(Inquiry inquiry, int limit) {
    RecallQuery.Order order = order(inquiry);
    List<Recalled> found = inquiry.recaller().recall(inquiry.scope(), order, limit);
    if (order != RecallQuery.Order.WHOLE || found.isEmpty()) {
      return found;
    }
    Span whole =
        new Span(found.getFirst().span().start(), found.getLast().span().end());
    return Evenly.of(inquiry.seen(whole), limit).stream()
        .map(clip -> Recalled.chosen(clip, "order", 1))
        .toList();
  }

  private static RecallQuery.Order order(Inquiry inquiry) {
    TimedQuestion question = inquiry.question();
    boolean proves = inquiry.captionsList() && question.scope().isEmpty();
    return proves && question.order() == RecallQuery.Order.RELEVANCE
        ? RecallQuery.Order.NEWEST
        : question.order();
  }

  /** The clips around the moments of the turn before, the nearest one of each before a second. */
  private static List<Recalled> ofDialogue(Inquiry inquiry, int limit) {
    List<List<Recalled>> moments = inquiry.moments().stream()
        .map(moment -> around(inquiry, moment, "dialogue", DIALOGUE_WEIGHT))
        .toList();
    Map<ClipKey, Recalled> clips = new LinkedHashMap<>();
    for (int place = 0; place < MOMENT_CLIPS_MAX; place++) {
      for (List<Recalled> moment : moments) {
        if (place < moment.size()) {
          clips.putIfAbsent(moment.get(place).key(), moment.get(place));
        }
      }
    }
    return new ArrayList<>(clips.values()).subList(0, Math.min(limit, clips.size()));
  }

  /** The clips nearest to a moment, nearest first. */
  private static List<Recalled> around(Inquiry inquiry, Pts moment, String signal, double weight) {
    Pts from = new Pts(Math.max(0, moment.micros() - AROUND_MICROS));
    return inquiry.seen(new Span(from, moment.plusMicros(AROUND_MICROS))).stream()
        .sorted(Comparator.comparingLong(entry -> entry.span().distanceMicros(moment)))
        .limit(MOMENT_CLIPS_MAX)
        .map(entry -> {
          double nearness = weight / (1 + entry.span().distanceMicros(moment) / 1e6);
          return new Recalled(entry.key(), entry.span(), nearness, Map.of(signal, nearness));
        })
        .toList();
  }
}
