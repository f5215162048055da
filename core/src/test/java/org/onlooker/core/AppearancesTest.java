package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AppearancesTest {
  private static final StreamId DOOR = new StreamId("door");

  @Test
  void add_holesOfFourSeconds_areBridged() {
    Appearances found = gather(0, 1, 6, 12);
    assertThat(spans(found)).containsExactly(Span.ofSeconds(0, 7), Span.ofSeconds(12, 13));
    assertThat(found.kept().getFirst().clipCount()).isEqualTo(3);
    assertThat(found.kept().getFirst().last().key().sequence()).isEqualTo(6);
    assertThat(found.count()).isEqualTo(2);
    assertThat(found.isComplete()).isTrue();
  }

  @Test
  void add_tooFewForProof_areNoAppearance() {
    Appearances found =
        gather(new Appearances.Gatherer(Span.ALL, 3), 20, 21, 40, 43, 46, 60, 80, 81);
    assertThat(spans(found)).containsExactly(Span.ofSeconds(40, 47));
    assertThat(found.count()).isEqualTo(1);
    assertThat(found.isComplete()).isTrue();
  }

  @Test
  void add_fewAtAnEndOfTheScope_mayBePartOfMore() {
    Span scope = Span.ofSeconds(10, 50);
    assertThat(spans(gather(new Appearances.Gatherer(scope, 3), 11, 30, 48)))
        .containsExactly(Span.ofSeconds(11, 12), Span.ofSeconds(48, 49));
    assertThat(gather(new Appearances.Gatherer(scope, 3), 12, 30, 47).count()).isZero();
    assertThat(gather(new Appearances.Gatherer(Span.ALL, 3), 0, 1).count()).isZero();
  }

  @Test
  void add_nothing_isNoAppearance() {
    assertThat(gather().count()).isZero();
    assertThat(gather().openings(4)).isEmpty();
  }

  @Test
  void add_backInTime_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> gather(5, 4))
        .withMessageContaining("sequence=4");
  }

  @Test
  void openings_moreThanTheLimit_areEvenAndHoldBothEnds() {
    Appearances found = gather(0, 10, 20, 30, 40, 50, 60, 70, 80);
    assertThat(sequences(found.openings(20))).hasSize(9);
    assertThat(sequences(found.openings(5))).containsExactly(0L, 20L, 40L, 60L, 80L);
    assertThat(sequences(found.openings(2))).containsExactly(0L, 80L);
    assertThat(sequences(found.openings(1))).containsExactly(80L);
    assertThat(found.openings(0)).isEmpty();
  }

  @Test
  void newestEnds_areItsFirstAndLastClip() {
    Appearances found = gather(0, 1, 4, 18, 19, 20);
    assertThat(sequences(found.newestEnds(8))).containsExactly(18L, 20L);
    assertThat(sequences(found.newestEnds(1))).containsExactly(18L);
    assertThat(sequences(gather(3).newestEnds(8))).containsExactly(3L);
    assertThat(gather().newestEnds(8)).isEmpty();
  }

  @Test
  void add_moreThanAreKept_countsAllAndKeepsThemEvenly() {
    int count = 100_000;
    Appearances.Gatherer gatherer = new Appearances.Gatherer(Span.ALL, 1);
    for (int i = 0; i < count; i++) {
      gatherer.add(clip(10L * i));
      assertThat(i % 1000 == 0 ? gatherer.gathered().kept().size() : 0)
          .isLessThanOrEqualTo(Appearances.KEPT_MAX);
    }
    Appearances found = gatherer.gathered();
    List<Long> kept = sequences(found.openings(Integer.MAX_VALUE));
    assertThat(found.count()).isEqualTo(count);
    assertThat(found.isComplete()).isFalse();
    assertThat(kept).startsWith(0L).endsWith(10L * (count - 1)).isSorted();
    assertThat(kept).hasSizeGreaterThan(Appearances.KEPT_MAX / 2 - 1);
    long step = kept.get(1) - kept.get(0);
    for (int i = 1; i < kept.size() - 1; i++) {
      assertThat(kept.get(i) - kept.get(i - 1)).isEqualTo(step);
    }
    assertThat(10L * (count - 1) - kept.get(kept.size() - 2)).isLessThanOrEqualTo(2 * step);
  }

  private static Appearances gather(long... sequences) {
    return gather(new Appearances.Gatherer(Span.ALL, 1), sequences);
  }

  private static Appearances gather(Appearances.Gatherer gatherer, long... sequences) {
    for (long sequence : sequences) {
      gatherer.add(clip(sequence));
    }
    return gatherer.gathered();
  }

  private static Recalled clip(long sequence) {
    Span span = Span.ofSeconds(sequence, sequence + 1);
    return new Recalled(new ClipKey(DOOR, sequence), span, 1, Map.of("caption", 1.0));
  }

  private static List<Span> spans(Appearances found) {
    return found.kept().stream().map(Appearance::span).toList();
  }

  private static List<Long> sequences(List<Recalled> clips) {
    return clips.stream().map(clip -> clip.key().sequence()).toList();
  }
}
