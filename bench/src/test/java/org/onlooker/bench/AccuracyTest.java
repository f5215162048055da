package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  @Test
  void balanced_isTheMeanOfTheTwoSharesHoweverManyEachHas() {
    Accuracy alwaysYes = Accuracy.balanced(new Proportion(90, 90), new Proportion(0, 10), 100);

    assertThat(alwaysYes.value()).isEqualTo(0.5);
    assertThat(alwaysYes.count()).isEqualTo(100);
    assertThat(
            Accuracy.balanced(new Proportion(8, 10), new Proportion(6, 10), 20).value())
        .isCloseTo(0.7, within(1e-12));
  }

  @Test
  void balanced_withoutTheOther_isTheShareItself() {
    assertThat(Accuracy.balanced(new Proportion(3, 4), Proportion.NONE, 4))
        .isEqualTo(Accuracy.of(new Proportion(3, 4)));
  }

  @Test
  void overall_weighsTasksByTheirQuestions() {
    Accuracy overall = Accuracy.overall(
        List.of(Accuracy.of(new Proportion(30, 30)), Accuracy.of(new Proportion(5, 10))));

    assertThat(overall.value()).isCloseTo(0.875, within(1e-12));
    assertThat(overall.count()).isEqualTo(40);
  }

  @Test
  void overall_ofOneTask_isThatTask() {
    Accuracy task = Accuracy.of(new Proportion(7, 12));
    Accuracy overall = Accuracy.overall(List.of(task, Accuracy.NONE));

    assertThat(overall.value()).isCloseTo(task.value(), within(1e-12));
    assertThat(overall.low()).isCloseTo(task.low(), within(1e-12));
    assertThat(overall.high()).isCloseTo(task.high(), within(1e-12));
    assertThat(Accuracy.overall(List.of())).isEqualTo(Accuracy.NONE);
  }

  /** The mean of two equal halves is about as sure as one sample of both together. */
  @Test
  void overall_intervalIsNearThatOfThePooledSample() {
    Accuracy half = Accuracy.of(new Proportion(160, 200));
    Accuracy pooled = Accuracy.of(new Proportion(320, 400));
    Accuracy overall = Accuracy.overall(List.of(half, half));

    assertThat(overall.low()).isCloseTo(pooled.low(), within(0.002));
    assertThat(overall.high()).isCloseTo(pooled.high(), within(0.002));
  }
}
