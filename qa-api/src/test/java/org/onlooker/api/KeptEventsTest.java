package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeptEventsTest {
  private final KeptEvents kept = new KeptEvents();

  @Test
  void after_isWhatWasWrittenBehindIt() {
    assertThat(kept.oldest()).isEqualTo(1);
    for (int seq = 1; seq <= 5; seq++) {
      kept.add(seq, "event " + seq);
    }

    assertThat(kept.after(3)).containsExactly("event 4", "event 5");
    assertThat(kept.after(5)).isEmpty();
    assertThat(kept.oldest()).isEqualTo(1);
    assertThat(kept.newest()).isEqualTo(5);
  }

  @Test
  void oldest_leaveBeyondTheNumber() {
    for (int seq = 1; seq <= KeptEvents.EVENTS_MAX + 3; seq++) {
      kept.add(seq, "e");
    }

    assertThat(kept.oldest()).isEqualTo(4);
    assertThat(kept.chars()).isEqualTo(KeptEvents.EVENTS_MAX);
  }

  @Test
  void oldest_leaveBeyondTheCharacters() {
    kept.add(1, "x".repeat(KeptEvents.CHARS_MAX));
    assertThat(kept.oldest()).isEqualTo(1);
    kept.add(2, "y");
    assertThat(kept.oldest()).isEqualTo(2);

    kept.add(3, "z".repeat(KeptEvents.CHARS_MAX + 1));

    assertThat(kept.oldest()).isEqualTo(4);
    assertThat(kept.chars()).isZero();
    assertThat(kept.after(3)).isEmpty();
  }
}
