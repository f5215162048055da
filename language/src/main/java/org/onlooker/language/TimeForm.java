package org.onlooker.language;

import java.util.Locale;
import org.onlooker.core.ClipLabel;

/** A text with places for the minutes {@code {mm}} and seconds {@code {ss}} of a label. */
record TimeForm(String text) {
  String of(ClipLabel label) {
    return text.replace("{mm}", twoDigits(label.minutePart()))
        .replace("{ss}", twoDigits(label.secondPart()));
  }

  private static String twoDigits(int number) {
    return String.format(Locale.ROOT, "%02d", number);
  }
}
