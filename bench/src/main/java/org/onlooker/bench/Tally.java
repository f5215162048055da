package org.onlooker.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What one policy's answers came to. Questions that the policy refused count in no accuracy; how
 * many there were is told beside it.
 */
final class Tally {
  private final List<Scored> all = new ArrayList<>();

  void add(Scored scored) {
    all.add(scored);
  }

  SortedSet<String> tasks() {
    SortedSet<String> tasks = new TreeSet<>();
    all.forEach(scored -> tasks.add(scored.task()));
    return tasks;
  }

  /** Questions asked, refused ones among them. */
  int asked(Row row) {
    return (int) all.stream().filter(row::holds).count();
  }

  int refused() {
    return (int) all.stream().filter(scored -> scored.told().refused()).count();
  }

  /** Over several tasks: their mean by number of questions. */
  Accuracy accuracy(Row row) {
    if (row.task().isPresent()) {
      return ofTask(row.task().get(), row);
    }
    return Accuracy.overall(tasks().stream().map(task -> ofTask(task, row)).toList());
  }

  /**
   * Balanced for a yes/no task. A row of it that holds only one of yes and no, as those with
   * evidence do, is balanced with the whole task's share of the other.
   */
  private Accuracy ofTask(String task, Row row) {
    List<Scored> answers = answers(Row.of(task)::holds);
    List<Scored> inRow = answers.stream().filter(row::holds).toList();
    if (!isYesNo(task) || inRow.isEmpty()) {
      return Accuracy.of(rate(inRow));
    }
    return Accuracy.balanced(
        rateOf(true, inRow, answers), rateOf(false, inRow, answers), inRow.size());
  }

  boolean isYesNo(String task) {
    return all.stream().filter(Row.of(task)::holds).allMatch(s -> s.seen().isPresent());
  }

  private static Proportion rateOf(boolean seen, List<Scored> inRow, List<Scored> all) {
    Predicate<Scored> sameTruth = scored -> scored.seen().equals(Optional.of(seen));
    List<Scored> some = inRow.stream().filter(sameTruth).toList();
    return rate(some.isEmpty() ? all.stream().filter(sameTruth).toList() : some);
  }

  private static Proportion rate(List<Scored> answers) {
    return new Proportion((int) answers.stream().filter(Scored::isRight).count(), answers.size());
  }

  private List<Scored> answers(Predicate<Scored> which) {
    return all.stream().filter(s -> !s.told().refused() && which.test(s)).toList();
  }

  /** Of the questions with evidence: how often the context held any of it. */
  Proportion evidenceHeld(Row row) {
    return share(row, told -> told.evidenceHeld());
  }

  /** Of the questions that can be answered: how often the answer was that it cannot know. */
  Proportion declined() {
    return share(Row.ALL, told -> told.declined());
  }

  private Proportion share(Row row, Function<Scored.Told, Optional<Boolean>> what) {
    Proportion share = Proportion.NONE;
    for (Scored answer : answers(row::holds)) {
      Optional<Boolean> is = what.apply(answer.told());
      share = is.isPresent() ? share.and(is.get()) : share;
    }
    return share;
  }

  double recallMedianMillis() {
    return median(told -> told.recallMillis());
  }

  double firstTokenMedianMillis() {
    return median(told -> told.firstTokenMillis());
  }

  private double median(ToDoubleFunction<Scored.Told> millis) {
    double[] sorted = answers(any -> true).stream()
        .map(Scored::told)
        .mapToDouble(millis)
        .sorted()
        .toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
