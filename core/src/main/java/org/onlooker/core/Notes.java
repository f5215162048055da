package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.onlooker.core.TimedQuestion.Part;

/**
 * What captions tell of a question's subject, put before the question in the words that packs are
 * trained on ({@code training/onlooker_training/notes.py}). Clips show what was there; that it was
 * the first time, or the fifth, no clip shows. Figures stand in brackets, in notes of all kinds.
 */
final class Notes {
  /** So many moments are told of one thing at most. */
  private static final int TIMES_MAX = 20;

  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder words = new StringBuilder();

  private Notes() {}

  /** "Times seen (2): at 0:59 and at 3:10, until 3:22. " */
  static List<Part> seen(Appearances appearances) {
    Notes notes = new Notes();
    notes.say("Times seen (" + appearances.count() + ")");
    if (!appearances.kept().isEmpty()) {
      String before = ": at ";
      for (Appearance told : Evenly.of(appearances.kept(), TIMES_MAX)) {
        notes.say(before).at(told.span().start());
        before = " and at ";
      }
      notes.say(", until ").at(appearances.kept().getLast().last().span().start());
    }
    return notes.end();
  }

  /** "Seen for (13 seconds): at 3:10, until 3:22. " */
  static List<Part> stay(Appearance one) {
    return new Notes()
        .say("Seen for (" + length(one.span()) + "): at ")
        .at(one.span().start())
        .say(", until ")
        .at(one.last().span().start())
        .end();
  }

  /** "Came: at 3:10 a dog and a cat and at 3:15 an owl. " */
  static List<Part> events(String what, List<Stays.Event> events) {
    Notes notes = new Notes();
    notes.say(what + (events.isEmpty() ? ": nothing" : ": "));
    String before = "at ";
    for (Stays.Event event : events) {
      notes.say(before).at(event.clip().span().start());
      List<String> told = event.names().stream().map(Notes::withArticle).toList();
      notes.say(" " + String.join(" and ", told));
      before = " and at ";
    }
    return notes.end();
  }

  /** "Different things (5). " */
  static List<Part> number(int count) {
    return new Notes().say("Different things (" + count + ")").end();
  }

  private Notes say(String text) {
    words.append(text);
    return this;
  }

  private Notes at(Pts moment) {
    close();
    parts.add(new Part.At(moment));
    return this;
  }

  private List<Part> end() {
    say(". ");
    close();
    return parts;
  }

  private void close() {
    if (!words.isEmpty()) {
      parts.add(new Part.Words(words.toString()));
      words.setLength(0);
    }
  }

  private static String length(Span span) {
    long seconds = Math.round((span.end().micros() - span.start().micros()) / 1e6);
    return seconds < 60
        ? seconds + " seconds"
        : String.format(
            Locale.ROOT,
            "%d minute%s and %d seconds",
            seconds / 60,
            seconds < 120 ? "" : "s",
            seconds % 60);
  }

  /** "a dog", "an owl". */
  static String withArticle(String name) {
    return ("aeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
  }
}
