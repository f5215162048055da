package org.onlooker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a sentence of the commentary claims: (object, event) facts, by the words it may use. */
final class RemarkFacts {
  /** What may be claimed of a thing, or of the scene. */
  enum Claim {
    CAME,
    LEFT,
    IS_THERE,
    NOTHING_THERE,
    QUIET
  }

  /**
   * One claim.
   *
   * @param name of a thing; of {@link Claim#QUIET} the minutes; else empty
   */
  record Fact(String name, Claim claim) {}

  private static final Pattern SENTENCE = Pattern.compile("(?<=\\.)\\s+");
  private static final Pattern CAME =
      Pattern.compile("(.+) (?:comes?|came) into (?:view|sight)|(.+) (?:appears?|enters?)");
  private static final Pattern LEFT =
      Pattern.compile("(.+) (?:leaves?|left)(?: the (?:view|scene))?|(.+) (?:disappears?|is gone)");
  private static final Pattern THERE =
      Pattern.compile("(.+) (?:is|are) (?:still )?there|there (?:is|are) (.+)");
  private static final Pattern QUIET = Pattern.compile("nothing new for (\\d+) minutes");
  private static final Pattern NAMED = Pattern.compile("(?:an?|the) (.+)");

  private RemarkFacts() {}

  /** The sentences of a remark. */
  static List<String> sentences(String remark) {
    return List.of(SENTENCE.split(remark.strip()));
  }

  /** Empty when it cannot be read. */
  static Optional<List<Fact>> of(String sentence) {
    String bare = sentence.toLowerCase(Locale.ROOT).strip().replaceFirst("\\.$", "");
    Matcher quiet = QUIET.matcher(bare);
    if (quiet.matches()) {
      return Optional.of(List.of(new Fact(quiet.group(1), Claim.QUIET)));
    }
    if (bare.equals("nothing is there")) {
      return Optional.of(List.of(new Fact("", Claim.NOTHING_THERE)));
    }
    return claim(CAME, bare, Claim.CAME)
        .or(() -> claim(LEFT, bare, Claim.LEFT))
        .or(() -> claim(THERE, bare, Claim.IS_THERE));
  }

  private static Optional<List<Fact>> claim(Pattern verb, String sentence, Claim claim) {
    Matcher matcher = verb.matcher(sentence);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String subject = Optional.ofNullable(matcher.group(1))
        .orElseGet(() -> matcher.groupCount() > 1 ? matcher.group(2) : "");
    return named(subject).map(names -> {
      List<Fact> facts = new ArrayList<>();
      names.forEach(name -> facts.add(new Fact(name, claim)));
      return facts;
    });
  }

  /** The things that a list such as "a dog, a bus and a cat" names. */
  private static Optional<List<String>> named(String list) {
    List<String> names = new ArrayList<>();
    for (String part : list.split("\\s*,\\s*(?:and\\s+)?|\\s+and\\s+")) {
      Matcher named = NAMED.matcher(part);
      if (!named.matches()) {
        return Optional.empty();
      }
      names.add(named.group(1));
    }
    return Optional.of(names);
  }
}
