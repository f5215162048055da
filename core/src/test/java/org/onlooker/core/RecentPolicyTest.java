package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecentPolicyTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "4, 2", "8, 4", "16, 4", "20, 5", "32, 8", "64, 16"})
  void besideHistory_growsWithTheBudget(int clipBudget, int recent) {
    assertThat(RecentPolicy.besideHistory(clipBudget)).isEqualTo(recent);
  }
}
