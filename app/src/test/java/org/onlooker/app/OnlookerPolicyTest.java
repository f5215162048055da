package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Span;
import org.onlooker.core.TimedQuestion.About;
import org.onlooker.core.TimedQuestion.Neighbour;

/** Which clips of one second the default policy puts into a context of 32. */
class OnlookerPolicyTest extends PolicyScene {
  @Test
  void now_isTheRecentWindowAlone() {
    remember(60);
    about = About.NOW;
    found = List.of(20L);
    assertThat(chosen()).isEqualTo(range(52, 60));
    clipBudget = 8;
    assertThat(chosen()).isEqualTo(range(56, 60));
  }

  @Test
  void scope_isSpreadAroundWhatRecallFinds() {
    remember(120);
    scope = Optional.of(Span.ofSeconds(10, 67));
    found = List.of(33L, 34L);
    assertThat(chosen())
        .containsExactly(
            10L, 13L, 16L, 19L, 22L, 25L, 28L, 31L, 33L, 34L, 37L, 39L, 42L, 45L, 48L, 51L, 54L,
            57L, 60L, 63L, 66L);
    assertThat(recalls).containsExactly("RELEVANCE 24");
  }

  @Test
  void scope_ofFewClips_isWhole() {
    remember(120);
    scope = Optional.of(Span.ofSeconds(10, 25));
    assertThat(chosen()).isEqualTo(range(10, 25));
  }

  @Test
  void scope_upToNow_hasTheRecentWindowToo() {
    remember(120);
    scope = Optional.of(Span.ofSeconds(60, 120));
    List<Long> chosen = chosen();
    assertThat(chosen)
        .startsWith(60L, 63L, 66L)
        .endsWith(110L, 112L, 113L, 114L, 115L, 116L, 117L, 118L, 119L);
    assertThat(chosen).hasSize(25).isSorted();
  }

  @Test
  void scope_fullOfMatches_isNotSpread() {
    remember(120);
    scope = Optional.of(Span.ofSeconds(10, 60));
    found = range(30, 60);
    assertThat(chosen()).isEqualTo(range(30, 54));
  }

  @Test
  void scope_ofTheLastTime_isSpreadOnlyWhereNothingIsFound() {
    remember(120);
    scope = Optional.of(Span.ofSeconds(10, 60));
    order = RecallQuery.Order.NEWEST;
    found = List.of(40L, 41L);
    assertThat(chosen()).containsExactly(40L, 41L);
    found = List.of();
    assertThat(chosen()).hasSize(20).startsWith(10L).endsWith(59L);
  }

  @Test
  void scope_whereCaptionsListThings_isWhereSomethingCameIn() {
    rememberScene();
    proofClips = 3;
    scope = Optional.of(Span.ofSeconds(55, 85));
    assertThat(chosen()).containsExactly(55L, 60L, 70L, 80L, 84L);
    found = List.of(66L, 67L);
    assertThat(chosen()).containsExactly(55L, 60L, 66L, 67L, 70L, 80L, 84L);
    scope = Optional.of(Span.ofSeconds(133, 240));
    found = List.of();
    assertThat(chosen()).containsExactly(133L, 140L, 239L);
  }

  @Test
  void past_whereCaptionsListThings_isProvenByTheNewestAppearance() {
    remember(120);
    found = List.of(33L, 34L);
    chosen();
    assertThat(recalls).containsExactly("RELEVANCE 24");
    proofClips = 3;
    assertThat(chosen()).startsWith(33L, 34L).endsWith(118L, 119L);
    assertThat(recalls).containsExactly("NEWEST 24");
  }

  @Test
  void before_whatOneCaptionTells_didNotComeIn() {
    rememberScene();
    remember(240, "A cat.");
    remember(241, 250);
    for (int i = 250; i < 260; i++) {
      remember(i, "A dog.");
    }
    proofClips = 3;
    neighbour = Neighbour.BEFORE;
    found = List.of(250L);
    assertThat(chosen()).containsExactly(250L);
    proofClips = 1;
    assertThat(chosen()).containsExactly(240L, 250L);
  }

  @Test
  void longScope_isSpreadAsAShortOne() {
    remember(1_200);
    scope = Optional.of(new Span(Pts.ofSeconds(0), Pts.ofSeconds(1_000)));
    assertThat(chosen())
        .containsExactlyElementsOf(
            LongStream.range(0, 20).mapToObj(i -> nth(0, 999, i)).toList());
    scope = Optional.of(Span.ofSeconds(100.5, 901.5));
    assertThat(chosen())
        .containsExactlyElementsOf(
            LongStream.range(0, 20).mapToObj(i -> nth(100, 901, i)).toList());
  }

  @Test
  void longScope_overAGap_takesTheNearestOnBothSides() {
    remember(100);
    remember(900, 1_300);
    scope = Optional.of(Span.ofSeconds(50, 1_250));
    List<Long> chosen = chosen();
    assertThat(chosen).startsWith(50L, 99L, 900L).endsWith(1_249L).isSorted();
    scope = Optional.of(Span.ofSeconds(110, 890));
    assertThat(chosen()).isEmpty();
  }

  private static long nth(long first, long last, long i) {
    return first + Math.round(i * (last - first) / 19.0);
  }

  @Test
  void before_isTheThingAndWhatCameInRightBefore() {
    rememberScene();
    neighbour = Neighbour.BEFORE;
    found = range(140, 150);
    assertThat(chosen()).containsExactly(120L, 140L);
    assertThat(recalls).containsExactly("OLDEST 1");
    assertThat(best()).isEqualTo(120);
  }

  @Test
  void after_isTheThingAndWhatCameInRightAfter() {
    rememberScene();
    neighbour = Neighbour.AFTER;
    found = range(60, 70);
    assertThat(chosen()).containsExactly(60L, 70L);
    assertThat(best()).isEqualTo(70);
    found = range(140, 150);
    assertThat(chosen()).containsExactly(140L);
  }

  @ParameterizedTest
  @CsvSource({"61, true", "59, false"})
  void before_reachesNinetySeconds(int came, boolean reached) {
    String[] captions = new String[152];
    Arrays.fill(captions, "");
    captions[came] = "A cat.";
    captions[150] = "A dog.";
    remember(captions);
    neighbour = Neighbour.BEFORE;
    found = List.of(150L);
    assertThat(chosen().contains((long) came)).isEqualTo(reached);
  }

  @Test
  void before_whatACaptionMissedForAMoment_didNotComeIn() {
    String[] captions = new String[120];
    Arrays.fill(captions, "");
    for (int i = 50; i < 80; i++) {
      captions[i] = i % 7 == 0 ? "A cat." : "A cat and an owl.";
    }
    captions[90] = "A dog.";
    remember(captions);
    neighbour = Neighbour.BEFORE;
    found = List.of(90L);
    assertThat(chosen()).containsExactly(50L, 90L);
  }

  @Test
  void before_ofTheFirstClip_isTheClipItself() {
    remember(40);
    neighbour = Neighbour.BEFORE;
    found = List.of(0L);
    assertThat(chosen()).containsExactly(0L);
  }

  @Test
  void before_whatWasNeverSeen_isTheRecentWindow() {
    remember(40);
    neighbour = Neighbour.BEFORE;
    assertThat(chosen()).isEqualTo(range(32, 40));
  }

  @Test
  void howLong_isTheWholeAppearance() {
    remember(120);
    order = RecallQuery.Order.WHOLE;
    found = List.of(50L, 57L);
    assertThat(chosen()).isEqualTo(range(50, 58));
    assertThat(recalls).containsExactly("WHOLE 32");
    clipBudget = 4;
    assertThat(chosen()).hasSize(4).startsWith(50L).endsWith(57L);
    clipBudget = 32;
    found = List.of();
    assertThat(chosen()).isEqualTo(range(112, 120));
  }

  @Test
  void followUp_getsTheClipsAroundTheEarlierMoments() {
    remember(120);
    moments = List.of(Pts.ofSeconds(80.5), Pts.ofSeconds(40), Pts.ofSeconds(10.2));
    found = List.of(79L, 100L);
    assertThat(chosen().subList(0, 10))
        .containsExactly(9L, 10L, 11L, 39L, 40L, 41L, 79L, 80L, 81L, 100L);
    assertThat(recalls).containsExactly("RELEVANCE 15");
    assertThat(select().get(6).signals()).containsOnlyKeys("caption");
    assertThat(select().get(7).signals()).containsOnlyKeys("dialogue");
  }

  @Test
  void followUp_inASmallContext_leavesHalfForRecall() {
    remember(120);
    clipBudget = 8;
    moments = List.of(Pts.ofSeconds(80.5), Pts.ofSeconds(40.5), Pts.ofSeconds(10.5));
    found = range(20, 30);
    assertThat(chosen()).containsExactly(20L, 21L, 40L, 80L, 116L, 117L, 118L, 119L);
  }

  @Test
  void followUp_aboutAnotherMoment_hasBoth() {
    remember(120);
    about = About.MOMENT;
    moment = Optional.of(Pts.ofSeconds(60.5));
    moments = List.of(Pts.ofSeconds(80.5));
    assertThat(chosen().subList(0, 6)).containsExactly(59L, 60L, 61L, 79L, 80L, 81L);
  }

  @Test
  void history_comesWithNotesOfAllAppearances() {
    remember(200);
    proofClips = 3;
    found = List.of(20L, 21L, 22L, 23L, 60L, 61L, 100L, 164L, 102L);
    assertThat(notes())
        .isEqualTo("Times seen (4): at 20 and at 60 and at 100 and at 164, until 164. ");
    found = LongStream.range(0, 30).map(i -> i * 6 + 1).boxed().toList();
    assertThat(notes())
        .startsWith("Times seen (30): at 1 and at 13 and at 19 and")
        .endsWith(" and at 163 and at 175, until 175. ");
    assertThat(selection().notes()).hasSize(2 * 21 + 1);
    found = List.of();
    assertThat(notes()).isEqualTo("Times seen (0). ");
  }

  @Test
  void howLong_isToldOfTheNewestAppearance() {
    remember(200);
    proofClips = 3;
    order = RecallQuery.Order.WHOLE;
    found = List.of(3L, 4L, 20L, 24L, 28L);
    assertThat(notes()).isEqualTo("Seen for (9 seconds): at 20, until 28. ");
    found = LongStream.rangeClosed(20, 95).boxed().toList();
    assertThat(notes()).isEqualTo("Seen for (1 minute and 16 seconds): at 20, until 95. ");
    found = List.of();
    assertThat(notes()).isEqualTo("Times seen (0). ");
  }

  @Test
  void notes_areOfWhatCaptionsName_inThePast() {
    remember(200);
    proofClips = 3;
    found = List.of(20L);
    assertThat(notes()).startsWith("Times seen (1): at 20");
    named = false;
    assertThat(notes()).isEmpty();
    named = true;
    moments = List.of(Pts.ofSeconds(20));
    assertThat(notes()).isEmpty();
    order = RecallQuery.Order.EVERY;
    assertThat(notes()).startsWith("Times seen (1)");
    neighbour = Neighbour.BEFORE;
    assertThat(notes()).isEmpty();
    neighbour = Neighbour.NONE;
    about = About.NOW;
    assertThat(notes()).isEmpty();
    about = About.HISTORY;
    proofClips = 1;
    assertThat(notes()).isEmpty();
  }
}
