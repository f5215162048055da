package org.onlooker.core;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came in from one clip to the next, as their captions tell it. A caption joins what is there
 * by "and", as in "A dog and a red circle."; an empty one says that nothing is there.
 */
final class Arrivals {
  private Arrivals() {}

  /** Whether the later caption names a part that the earlier one does not. */
  static boolean between(String earlier, String later) {
    return !parts(earlier).containsAll(parts(later));
  }

  /** What a caption names, in lower case and without the full stop. */
  static Set<String> parts(String caption) {
    String bare = caption.strip().toLowerCase(Locale.ROOT).replaceFirst("\\.+$", "");
    Set<String> parts = new HashSet<>(List.of(bare.split("\\s+and\\s+")));
    parts.remove("");
    parts.remove("nothing");
    return parts;
  }
}
