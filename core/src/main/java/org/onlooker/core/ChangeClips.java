package org.onlooker.core;

import java.util.List;
import org.onlooker.core.ContextPolicy.Inquiry;
import org.onlooker.core.ContextPolicy.Selection;
import org.onlooker.core.TimedQuestion.Change;

/**
 * The clips for a question about what came and went, where captions list what is there: those in
 * which something came in, or was seen for the last time, or else the last one; and {@link Notes}
 * of what it was.
 */
final class ChangeClips {
  /** How far a question without a stretch looks back. */
  private static final long LATELY_MICROS = 8_000_000;

  /** As many as models are trained to tell. */
  private static final int EVENTS_MAX = 12;

  private ChangeClips() {}

  /** Whether a question is answered by them. */
  static boolean answer(Inquiry inquiry) {
    TimedQuestion question = inquiry.question();
    return question.change() != Change.NONE
        && question.moment().isEmpty()
        && inquiry.captionsList()
        && StretchClips.isListed(stretch(inquiry));
  }

  static Selection of(Inquiry inquiry) {
    Span stretch = stretch(inquiry);
    Stays stays = Stays.in(inquiry, stretch);
    Change change = inquiry.question().change();
    List<Stays.Event> events = Evenly.of(
        change == Change.LEFT ? stays.leavings() : stays.arrivals(),
        Math.min(EVENTS_MAX, inquiry.clipBudget()));
    List<Recalled> clips =
        events.stream().map(event -> Recalled.chosen(event.clip(), "order", 1)).toList();
    return Selection.inTimeOrder(clips.isEmpty() ? last(inquiry, stretch) : clips)
        .with(
            switch (change) {
              case LEFT -> Notes.events("Left", events);
              case CAME, NONE -> Notes.events("Came", events);
              case NUMBER -> Notes.number(stays.count());
            });
  }

  private static List<Recalled> last(Inquiry inquiry, Span stretch) {
    return inquiry.seen(stretch).reversed().stream()
        .limit(1)
        .map(clip -> Recalled.chosen(clip, "spread", 0))
        .toList();
  }

  private static Span stretch(Inquiry inquiry) {
    if (inquiry.question().scope().isPresent()) {
      return inquiry.scope();
    }
    boolean all = inquiry.question().change() == Change.NUMBER;
    long start = all ? 0 : Math.max(0, inquiry.asOf().micros() - LATELY_MICROS);
    return new Span(new Pts(start), inquiry.asOf());
  }
}
