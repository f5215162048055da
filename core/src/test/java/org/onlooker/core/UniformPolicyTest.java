package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UniformPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "60, 8, '0, 8, 16, 25, 33, 42, 50, 59'",
    "9, 8, '0, 1, 2, 3, 4, 5, 6, 8'",
    "8, 8, '0, 1, 2, 3, 4, 5, 6, 7'",
    "3, 8, '0, 1, 2'",
    "60, 2, '0, 59'",
    "60, 1, 59",
    "0, 8, ''",
  })
  void spread_isEvenAndHoldsBothEnds(int count, int limit, String indices) {
    assertThat(UniformPolicy.spread(count, limit).mapToObj(Integer::toString))
        .isEqualTo(indices.isEmpty() ? List.of() : List.of(indices.split(", ")));
  }

  @Test
  void spread_overVeryManyClips_doesNotOverflow() {
    assertThat(UniformPolicy.spread(Integer.MAX_VALUE, 256).max()).hasValue(Integer.MAX_VALUE - 1);
    assertThat(UniformPolicy.spread(Integer.MAX_VALUE, 256).min()).hasValue(0);
  }
}
