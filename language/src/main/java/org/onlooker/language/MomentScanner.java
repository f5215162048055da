package org.onlooker.language;

import org.onlooker.core.AnswerSink;
import org.onlooker.core.ClipLabel;

/**
 * Tells moments from words in text that arrives in pieces. Text that may yet become a moment is
 * held back until it is one or cannot be one, so that half a moment is never passed on.
 */
final class MomentScanner {
  private static final int NO = -1;
  private static final int MAYBE = -2;

  private final String form;
  private final AnswerSink sink;
  private final StringBuilder held = new StringBuilder();
  private char before = ' ';

  /**
   * @param form with {@code {mm}} and {@code {ss}} for two digits each
   */
  MomentScanner(String form, AnswerSink sink) {
    this.form = form;
    this.sink = sink;
  }

  void accept(String text) {
    held.append(text);
    scan(false);
  }

  /** Passes on what is still held back. */
  void finish() {
    scan(true);
  }

  private void scan(boolean last) {
    int start = 0;
    int at = 0;
    while (at < held.length()) {
      int end = match(at, last);
      if (end == MAYBE) {
        break;
      }
      if (end == NO) {
        at++;
        continue;
      }
      passText(start, at);
      sink.moment(label(at));
      before = held.charAt(end - 1);
      start = end;
      at = end;
    }
    passText(start, at);
    held.delete(0, at);
  }

  private void passText(int start, int end) {
    if (end > start) {
      sink.text(held.substring(start, end));
      before = held.charAt(end - 1);
    }
  }

  /** End of a moment that starts at {@code at}, or {@link #NO} or {@link #MAYBE}. */
  private int match(int at, boolean last) {
    char previous = at == 0 ? before : held.charAt(at - 1);
    if (form.startsWith("{") && continuesNumber(previous)) {
      return NO;
    }
    int text = at;
    for (int i = 0; i < form.length(); i++) {
      boolean number = form.charAt(i) == '{';
      int digits = number ? 2 : 1;
      for (int k = 0; k < digits; k++, text++) {
        if (text >= held.length()) {
          return last ? NO : MAYBE;
        }
        char found = held.charAt(text);
        if (number ? !isDigit(found, k, i) : found != form.charAt(i)) {
          return NO;
        }
      }
      i += number ? "{mm}".length() - 1 : 0;
    }
    return form.endsWith("}") ? endOfNumber(text, last) : text;
  }

  private boolean isDigit(char found, int place, int formIndex) {
    char highest = form.startsWith("{ss}", formIndex) && place == 0 ? '5' : '9';
    return found >= '0' && found <= highest;
  }

  private int endOfNumber(int end, boolean last) {
    if (end >= held.length()) {
      return last ? end : MAYBE;
    }
    return continuesNumber(held.charAt(end)) ? NO : end;
  }

  private static boolean continuesNumber(char c) {
    return c == ':' || Character.isDigit(c);
  }

  private ClipLabel label(int at) {
    int seconds = 0;
    int text = at;
    for (int i = 0; i < form.length(); i++, text++) {
      if (form.charAt(i) == '{') {
        int value = Integer.parseInt(held.substring(text, text + 2));
        seconds += form.startsWith("{mm}", i) ? value * 60 : value;
        i += "{mm}".length() - 1;
        text++;
      }
    }
    return new ClipLabel(seconds);
  }
}
