package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A dog.              | A dog and a red circle.   | true",
        "A dog.              | A cat.                    | true",
        "''                  | A dog.                    | true",
        "Nothing.            | A dog.                    | true",
        "A dog and a cat.    | A cat and a dog.          | false",
        "A dog and a cat.    | A dog.                    | false",
        "A dog.              | a dog                     | false",
        "A dog.              | ''                        | false",
        "A dog.              | Nothing.                  | false",
        "A dog.              | A dog in the sand.        | true",
      })
  void since_tellsWhetherSomethingCameIn(String earlier, String later, boolean came) {
    assertThat(Arrivals.since(List.of(earlier), later)).isEqualTo(came);
  }

  @Test
  void since_whatOneOfTheEarlierTells_isKnown() {
    assertThat(Arrivals.since(List.of("A dog.", "", "A cat."), "A cat and a dog."))
        .isFalse();
    assertThat(Arrivals.since(List.of(), "A cat.")).isTrue();
  }

  @Test
  void parts_areWhatAndJoins() {
    assertThat(Arrivals.parts("A dog and a red circle and two cats."))
        .containsExactlyInAnyOrder("a dog", "a red circle", "two cats");
    assertThat(Arrivals.parts("A sandy bay and an orange.")).hasSize(2);
    assertThat(Arrivals.parts(" ")).isEmpty();
  }
}
