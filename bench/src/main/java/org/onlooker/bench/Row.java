package org.onlooker.bench;

import java.util.Optional;

/** A row of the report: one task or all, of one age of evidence or of any. */
record Row(Optional<String> task, Optional<Age> age) {
  static final Row ALL = new Row(Optional.empty(), Optional.empty());
  private static final int TASK_QUESTIONS_MIN = 150;
  private static final int AGE_QUESTIONS_MIN = 300;

  static Row of(String task) {
    return new Row(Optional.of(task), Optional.empty());
  }

  static Row of(String task, Age age) {
    return new Row(Optional.of(task), Optional.of(age));
  }

  static Row of(Age age) {
    return new Row(Optional.empty(), Optional.of(age));
  }

  boolean holds(Scored scored) {
    return task.map(scored.task()::equals).orElse(true)
        && age.map(scored.age()::equals).orElse(true);
  }

  /** Whether so few questions say little of a whole task or of a whole age. */
  boolean isFew(int questions) {
    return (age.isEmpty() && questions < TASK_QUESTIONS_MIN)
        || (task.isEmpty() && questions < AGE_QUESTIONS_MIN);
  }

  String taskName() {
    return task.orElse("all tasks");
  }

  String ageName() {
    return age.map(Age::toString).orElse("any");
  }
}
