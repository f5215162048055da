package org.onlooker.core;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names in captions that list what is there, their parts joined by "and": "A dog and two red
 * circles." names a dog and a red circle; an empty one, and "Nothing.", name nothing.
 */
public final class CaptionNames {
  private static final int WORDS_MAX = 4;
  private static final Pattern ARTICLE = Pattern.compile("(?:an?|one|the) (.+)");
  private static final Pattern SEVERAL = Pattern.compile(
      "(?:\\d+|two|three|four|five|six|seven|eight|nine|ten|some|several|many) (.+)");

  /** Names told as single things, to which plurals are brought back. */
  private final Set<String> singular = new LinkedHashSet<>();

  CaptionNames(List<String> captions) {
    for (String caption : captions) {
      for (String part : parts(caption)) {
        Matcher one = ARTICLE.matcher(part);
        if (one.matches()) {
          singular.add(one.group(1));
        }
      }
    }
  }

  /** The names of a caption, each once, in its order; none where it is a sentence. */
  Set<String> in(String caption) {
    Set<String> names = new LinkedHashSet<>();
    parts(caption).forEach(part -> names.add(name(part)));
    names.removeIf(name -> name.split(" ").length > WORDS_MAX);
    return names;
  }

  private String name(String part) {
    Matcher one = ARTICLE.matcher(part);
    if (one.matches()) {
      return one.group(1);
    }
    Matcher several = SEVERAL.matcher(part);
    return several.matches() ? one(several.group(1)) : part;
  }

  /** One of a plural: the one that was told, else without its "s". */
  private String one(String plural) {
    String bare = plural.replaceFirst("s$", "");
    return Stream.of(
            bare,
            plural.replaceFirst("es$", ""),
            plural.replaceFirst("ies$", "y"),
            plural.replaceFirst("ves$", "f"),
            plural.replaceFirst("ves$", "fe"))
        .filter(singular::contains)
        .findFirst()
        .orElse(bare);
  }

  /** The names of one caption, known from nothing else. */
  public static Set<String> of(String caption) {
    return new CaptionNames(List.of(caption)).in(caption);
  }

  private static List<String> parts(String caption) {
    String bare = caption.strip().toLowerCase(Locale.ROOT).replaceFirst("\\.+$", "");
    return Stream.of(bare.split("\\s+and\\s+"))
        .filter(part -> !part.isEmpty() && !part.equals("nothing"))
        .toList();
  }
}
