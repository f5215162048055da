package org.onlooker.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a sentence like "a dog enters and a bus leaves" claims: who does what. Clauses are told
 * apart by commas and conjunctions; a clause without a subject has the one before it, and subjects
 * without a verb have the one that comes after them ("a dog and a bus enter").
 */
final class SpokenFacts {
  /** A thing by its name and what it does, a verb in any form, as "moves left". */
  record Fact(String subject, String verb) {}

  private static final Pattern CLAUSE =
      Pattern.compile("\\s*[,;.]\\s*(?:and |then |while )*|\\s+(?:and|while|as|then)\\s+");
  private static final Pattern OPENING = Pattern.compile("^(?:there (?:is|are)|i see) ");
  private static final Pattern WEATHER =
      Pattern.compile("\\bit(?: is| was|'s)? (rain|snow)(?:s|ing|ed)\\b");
  private static final Pattern ARTICLE = Pattern.compile("^(?:another|it|they) +");
  private static final Pattern AUXILIARY =
      Pattern.compile("^(?:(?:is|are|was|were|has|have|had|been|being|just|now) +)+");
  private static final Pattern NOTHING =
      Pattern.compile("nothing(?: (?:happens|is happening|moves|changes))?");
  private final List<Fact> truth;
  private final List<String> subjects;
  private List<String> doing = List.of();
  private List<String> waiting = new ArrayList<>();
  private int named;
  private boolean anyFalse;

  private SpokenFacts(List<Fact> truth) {
    this.truth = truth;
    this.subjects = truth.stream()
        .map(Fact::subject)
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  /** Whether {@code said} names at least one of {@code truth} and nothing that is not in it. */
  static boolean holds(List<Fact> truth, String said) {
    if (truth.isEmpty()) {
      return NOTHING.matcher(said).matches();
    }
    SpokenFacts facts = new SpokenFacts(truth);
    String plain = WEATHER.matcher(said).replaceAll("the $1 falls");
    for (String clause : CLAUSE.split(OPENING.matcher(plain).replaceFirst(""))) {
      facts.read(clause.strip());
    }
    return facts.named > 0 && !facts.anyFalse && facts.waiting.isEmpty();
  }

  private void read(String clause) {
    String bare = Things.withoutCount(ARTICLE.matcher(clause).replaceFirst(""));
    boolean pronoun = clause.startsWith("it ") || clause.startsWith("they ");
    Optional<String> subject = pronoun ? Optional.empty() : opens(bare);
    if (subject.isPresent()) {
      waiting.add(subject.get());
      claim(verbOf(bare, subject.get()));
    } else if (pronoun || (bare.equals(clause) && !doing.isEmpty() && waiting.isEmpty())) {
      waiting = new ArrayList<>(doing);
      claim(bare);
    } else {
      anyFalse = true;
    }
  }

  /** The subjects that wait for a verb do this one. */
  private void claim(String words) {
    String verb = AUXILIARY.matcher(words).replaceFirst("").strip();
    if (verb.isEmpty()) {
      return;
    }
    for (String subject : waiting) {
      boolean isTrue = truth.stream()
          .anyMatch(fact -> fact.subject().equals(subject) && isSameVerb(fact.verb(), verb));
      named += isTrue ? 1 : 0;
      anyFalse |= !isTrue;
    }
    doing = List.copyOf(waiting);
    waiting = new ArrayList<>();
  }

  private Optional<String> opens(String clause) {
    return subjects.stream()
        .filter(subject -> clause.matches(forms(subject) + "\\b.*"))
        .findFirst();
  }

  private static String verbOf(String clause, String subject) {
    return clause.replaceFirst("^" + forms(subject), "").strip();
  }

  private static String forms(String subject) {
    return "(?:" + Pattern.quote(subject) + ")(?:e?s)?(?![a-z])";
  }

  /** What is said begins with the true verb: "moved left again" with "moves left". */
  private static boolean isSameVerb(String truth, String said) {
    String[] wanted = truth.toLowerCase(Locale.ROOT).split(" +");
    String[] words = said.split(" +");
    if (words.length < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (!stem(wanted[i]).equals(stem(words[i]))) {
        return false;
      }
    }
    return true;
  }

  /** A verb without its ending; only compared with other stems. */
  private static String stem(String verb) {
    String base = switch (verb) {
      case "left" -> "leave";
      case "came" -> "come";
      case "went", "gone" -> "go";
      case "met" -> "meet";
      case "hid", "hidden" -> "hide";
      case "stood" -> "stand";
      default -> verb;
    };
    return base.replaceFirst("(?:(?<=ss|x|ch|sh|o)es|(?<!s)s|ing|ed)$", "")
        .replaceFirst("e$", "")
        .replaceFirst("([b-df-hj-np-tv-z])\\1$", "$1");
  }
}
