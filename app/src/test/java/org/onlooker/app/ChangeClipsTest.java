package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Span;
import org.onlooker.core.TimedQuestion;

/** Which clips and notes a question about what came and went gets. */
class ChangeClipsTest extends PolicyScene {
  @Test
  void whatCame_isWhereItCameIn_alone() {
    rememberScene();
    proofClips = 3;
    change = TimedQuestion.Change.CAME;
    found = List.of(66L, 67L);
    scope = Optional.of(Span.ofSeconds(55, 85));
    assertThat(chosen()).containsExactly(60L, 70L, 80L);
    assertThat(notes())
        .isEqualTo("Came: at 60 a thing 6 and at 70 a thing 7 and at 80 a thing 8. ");
    scope = Optional.of(Span.ofSeconds(161, 185));
    assertThat(notes()).isEqualTo("Came: nothing. ");
    assertThat(chosen()).containsExactly(184L);
    proofClips = 1;
    assertThat(chosen()).contains(66L, 161L, 184L);
  }

  @Test
  void whatCame_withoutAStretch_isWhatCameLately() {
    rememberScene();
    remember(240, 247);
    for (int i = 247; i < 252; i++) {
      remember(i, "A cat.");
    }
    proofClips = 3;
    change = TimedQuestion.Change.CAME;
    assertThat(chosen()).containsExactly(247L);
    remember(252, 260);
    assertThat(chosen()).containsExactly(259L);
  }

  @Test
  void whatLeft_isToldInNotes() {
    rememberScene();
    proofClips = 3;
    change = TimedQuestion.Change.LEFT;
    scope = Optional.of(Span.ofSeconds(125, 160));
    assertThat(notes()).isEqualTo("Left: at 139 a thing 12 and at 149 a cloud and a dog. ");
    assertThat(chosen()).containsExactly(139L, 149L);
    scope = Optional.of(Span.ofSeconds(125, 133));
    assertThat(notes()).isEqualTo("Left: nothing. ");
    assertThat(chosen()).containsExactly(132L);
  }

  @Test
  void howManyDifferentThings_isToldInNotes() {
    rememberScene();
    proofClips = 3;
    change = TimedQuestion.Change.NUMBER;
    scope = Optional.of(Span.ofSeconds(55, 85));
    assertThat(notes()).isEqualTo("Different things (5). ");
    scope = Optional.empty();
    assertThat(notes()).isEqualTo("Different things (14). ");
    assertThat(chosen()).hasSize(12);
    remember(240, 700);
    named = false;
    assertThat(notes()).isEmpty();
  }
}
