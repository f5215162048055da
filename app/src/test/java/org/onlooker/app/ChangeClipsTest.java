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
    assertThat(selection().notes()).isEmpty();
    scope = Optional.of(Span.ofSeconds(161, 185));
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
    assertThat(selection().notes()).isEqualTo("Left: A thing 12 and a cloud and a dog. ");
    assertThat(chosen()).containsExactly(139L, 149L);
    scope = Optional.of(Span.ofSeconds(125, 133));
    assertThat(selection().notes()).isEqualTo("Left: Nothing. ");
    assertThat(chosen()).containsExactly(132L);
  }

  @Test
  void howManyDifferentThings_isToldInNotes() {
    rememberScene();
    proofClips = 3;
    change = TimedQuestion.Change.NUMBER;
    scope = Optional.of(Span.ofSeconds(55, 85));
    assertThat(selection().notes()).isEqualTo("Different things: 5. ");
    scope = Optional.empty();
    assertThat(selection().notes()).isEqualTo("Different things: 14. ");
    assertThat(chosen()).hasSize(13);
    remember(240, 700);
    assertThat(selection().notes()).isEmpty();
  }
}
