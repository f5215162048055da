package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProportionTest {
  @Test
  void interval_isWilsons() {
    Proportion p = new Proportion(90, 100);

    assertThat(p.low()).isCloseTo(0.8256, within(1e-4));
    assertThat(p.high()).isCloseTo(0.9448, within(1e-4));
    assertThat(new Proportion(0, 10).low()).isZero();
    assertThat(new Proportion(10, 10).high()).isCloseTo(1, within(1e-12));
  }
}
