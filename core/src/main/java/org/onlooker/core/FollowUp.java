package org.onlooker.core;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A question as the turn before it makes it. One that refers back is about history where nothing in
 * it says otherwise, is recalled by the words of that turn too, and sees its moments again.
 *
 * @param words what recall looks for
 * @param moments what the turn before was about, newest first
 */
record FollowUp(TimedQuestion question, String words, List<Pts> moments) {
  private static final int MOMENTS_MAX = 3;

  /** A question that does not refer to an earlier turn. */
  static FollowUp none(TimedQuestion question) {
    return new FollowUp(question, question.words(), List.of());
  }

  static FollowUp to(Turn before, TimedQuestion question) {
    boolean now = question.about() == TimedQuestion.About.NOW;
    String words = Stream.of(before.question(), before.answer())
        .map(said -> TimedQuestion.words(said.parts()))
        .filter(said -> !said.isEmpty())
        .collect(Collectors.joining(" ", "", " "));
    return new FollowUp(
        now ? question.about(TimedQuestion.About.HISTORY) : question,
        (words + question.words()).strip(),
        before.moments().limit(MOMENTS_MAX).toList());
  }
}
