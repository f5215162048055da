package org.onlooker.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lists of things: "an apple, the dog and two cars", in any order. A time told with a thing, as in
 * "at 3:10 a dog", is not looked at.
 */
final class Things {
  static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*(?:and\\s+)?|\\s+and\\s+");
  private static final Pattern OPENING = Pattern.compile(
      "^(?:i (?:can |could )?(?:see|saw)|there (?:is|are|was|were)|it (?:is|was)|only) ");
  private static final Pattern TIME = Pattern.compile("^at \\d+(?::\\d+)+,? | at \\d+(?::\\d+)+$");
  private static final Pattern COUNT = Pattern.compile(
      "^(?:an?|the|some|one|two|three|four|five|six|seven|eight|nine|ten|\\d+)\\s+");
  private static final Set<String> NOTHING =
      Set.of("nothing", "nothing at all", "no things", "none");

  private Things() {}

  /** Whether {@code said} lists exactly {@code names}, which may be none. */
  static boolean are(List<String> names, String said) {
    String list = OPENING.matcher(said).replaceFirst("");
    if (NOTHING.contains(list) || names.isEmpty()) {
      return names.isEmpty() && NOTHING.contains(list);
    }
    Set<String> listed = new HashSet<>();
    for (String item : SEPARATOR.split(list)) {
      String thing = withoutCount(TIME.matcher(item).replaceFirst(""));
      listed.add(named(thing, names).orElse(item));
    }
    return listed.equals(new HashSet<>(names));
  }

  /** "Two cars" without what stands before the name. */
  static String withoutCount(String item) {
    return COUNT.matcher(item).replaceFirst("");
  }

  /** Which of {@code names} an item is, one or several of it. */
  static Optional<String> named(String item, List<String> names) {
    return names.stream()
        .filter(name -> item.equals(name) || isPlural(item, name))
        .findFirst();
  }

  private static boolean isPlural(String item, String name) {
    return item.equals(name + "s")
        || item.equals(name + "es")
        || (name.endsWith("y") && item.equals(name.substring(0, name.length() - 1) + "ies"));
  }
}
