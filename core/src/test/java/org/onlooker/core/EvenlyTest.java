package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvenlyTest {
  @ParameterizedTest
  @CsvSource({
    "60, 8, '0, 8, 17, 25, 34, 42, 51, 59'",
    "9, 8, '0, 1, 2, 3, 5, 6, 7, 8'",
    "8, 8, '0, 1, 2, 3, 4, 5, 6, 7'",
    "3, 8, '0, 1, 2'",
    "60, 2, '0, 59'",
    "60, 1, 59",
    "60, 0, ''",
    "0, 8, ''",
    "0, 0, ''",
  })
  void indices_areEvenAndHoldBothEnds(int count, int limit, String indices) {
    assertThat(Evenly.indices(count, limit).mapToObj(Integer::toString))
        .isEqualTo(indices.isEmpty() ? List.of() : List.of(indices.split(", ")));
  }

  @Test
  void indices_overVeryMany_doNotOverflow() {
    assertThat(Evenly.indices(Integer.MAX_VALUE, 256).max()).hasValue(Integer.MAX_VALUE - 1);
    assertThat(Evenly.indices(Integer.MAX_VALUE, 256).min()).hasValue(0);
  }
}
