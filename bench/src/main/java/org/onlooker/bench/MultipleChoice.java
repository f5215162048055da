package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A question with options, one of which is right. It is asked with its options lettered, and
 * answered by a letter or by the words of an option.
 *
 * @param right index of the right option
 */
record MultipleChoice(String question, List<String> options, int right)
    implements PublishedQuestion {
  private static final String OPTIONS = "options";
  private static final String RIGHT = "rightOption";

  /** "B", "(b)", "B. A cat", "The answer is B"; but the A of "A cat" is an article. */
  private static final Pattern LETTER = Pattern.compile(
      "^\\W*(?:(?:the )?(?:right |correct |best )?(?:answer|option|choice)(?: is)?\\W+)?"
          + "([a-z])(?:\\W*$|[.:),])",
      Pattern.CASE_INSENSITIVE);

  MultipleChoice {
    options = List.copyOf(options);
    if (right < 0 || right >= options.size()) {
      throw new IllegalArgumentException("right option " + right + " of " + options.size());
    }
  }

  /** Options with or without their letters in front; the answer is a letter. */
  static Optional<MultipleChoice> lettered(String question, List<String> listed, String answer) {
    List<String> options = withoutLetters(listed);
    Matcher letter = LETTER.matcher(answer);
    return letter.find() ? indexed(question, options, index(letter)) : Optional.empty();
  }

  static Optional<MultipleChoice> indexed(String question, List<String> options, int right) {
    return right >= 0 && right < options.size()
        ? Optional.of(new MultipleChoice(question, options, right))
        : Optional.empty();
  }

  /** The answer is the text of an option. */
  static Optional<MultipleChoice> textual(String question, List<String> listed, String answer) {
    List<String> options = withoutLetters(listed);
    int right = options.indexOf(withoutLetters(List.of(answer)).getFirst());
    return right >= 0 ? indexed(question, options, right) : lettered(question, listed, answer);
  }

  /**
   * Takes "A. ", "B) " and so on away where the options carry them. In published lists an option is
   * sometimes torn in two, or followed by an empty one: what has no letter belongs to the one
   * before.
   */
  private static List<String> withoutLetters(List<String> listed) {
    List<String> filled =
        listed.stream().map(String::strip).filter(option -> !option.isEmpty()).toList();
    List<String> options = new ArrayList<>();
    for (String option : filled) {
      if (option.matches("(?s)" + letter(options.size()) + "[.):].*")) {
        options.add(option.substring(2).strip());
      } else if (!options.isEmpty()) {
        options.set(options.size() - 1, options.getLast() + " " + option);
      }
    }
    return options.size() > 1 ? options : filled;
  }

  static Optional<MultipleChoice> in(JsonNode question) {
    if (!question.has(RIGHT)) {
      return Optional.empty();
    }
    List<String> options = new ArrayList<>();
    question.path(OPTIONS).forEach(option -> options.add(option.asText()));
    return Optional.of(new MultipleChoice(
        question.path("question").asText(), options, question.path(RIGHT).asInt()));
  }

  @Override
  public void writeTo(ObjectNode node) {
    node.put("question", asked()).put("answer", letter(right) + ". " + rightOption());
    ArrayNode listed = node.putArray(OPTIONS);
    options.forEach(listed::add);
    node.put(RIGHT, right);
  }

  private String asked() {
    StringBuilder text = new StringBuilder(question);
    for (int i = 0; i < options.size(); i++) {
      text.append('\n').append(letter(i)).append(". ").append(options.get(i));
    }
    return text.append("\nAnswer with the letter of the right option.").toString();
  }

  /** The same with words in front of the question. */
  MultipleChoice after(String words) {
    return new MultipleChoice(words + question, options, right);
  }

  String rightOption() {
    return options.get(right);
  }

  /** What guessing gets right. */
  double chance() {
    return 1.0 / options.size();
  }

  /** A letter goes before words. Words are right when they name the right option and no other. */
  @Override
  public boolean isRight(String said) {
    Matcher letter = LETTER.matcher(said);
    return letter.find() ? index(letter) == right : named(said).equals(List.of(right));
  }

  private List<Integer> named(String said) {
    String words = PublishedQuestion.words(said);
    List<Integer> held = IntStream.range(0, options.size())
        .filter(i -> !option(i).isBlank() && words.contains(option(i)))
        .boxed()
        .toList();
    return held.stream()
        .filter(i -> held.stream().noneMatch(j -> isLonger(option(j), option(i))))
        .toList();
  }

  private String option(int i) {
    return PublishedQuestion.words(options.get(i));
  }

  private static boolean isLonger(String one, String other) {
    return one.length() > other.length() && one.contains(other);
  }

  private static char letter(int i) {
    return (char) ('A' + i);
  }

  private static int index(Matcher letter) {
    return letter.group(1).toUpperCase(Locale.ROOT).charAt(0) - 'A';
  }
}
