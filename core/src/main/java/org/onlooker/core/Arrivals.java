package org.onlooker.core;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What came in with a clip, as captions tell it. A caption joins what is there
 * by "and", as in "A dog and a red circle."; an empty one says that nothing is there.
 */
final class Arrivals {
  private Arrivals() {}

  /** Whether the later caption names a part that none of the earlier ones does. */
  static boolean since(List<String> earlier, String later) {
    Set<String> known = new HashSet<>();
    earlier.forEach(caption -> known.addAll(parts(caption)));
    return !known.containsAll(parts(later));
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
