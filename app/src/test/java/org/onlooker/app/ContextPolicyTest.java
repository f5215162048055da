package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Appearances;
import org.onlooker.core.BlindPolicy;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ContextPolicy;
import org.onlooker.core.FullPolicy;
import org.onlooker.core.InternalRecall;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Layers;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.OnlookerPolicy;
import org.onlooker.core.OraclePolicy;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.RecentPolicy;
import org.onlooker.core.Refused;
import org.onlooker.core.SinksWindowPolicy;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.TimedQuestion;
import org.onlooker.core.UniformPolicy;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.testing.TestClips;

/** Which of 60 clips of one second each policy puts into a context of eight. */
class ContextPolicyTest {
  private static final StreamId ID = new StreamId("cam");
  private static final int CLIPS = 60;
  private static final int BUDGET = 8;
  private final MemoryStore store = new HeapMemoryStore(1_000);
  private Pts asOf = Pts.ofSeconds(CLIPS);
  private Optional<Span> scope = Optional.empty();
  private Optional<Pts> moment = Optional.empty();
  private List<Span> spans = List.of();

  @BeforeEach
  void remember() {
    for (int i = 0; i < CLIPS; i++) {
      try (KvBlock block = TestClips.block(i, 4)) {
        store.append(TestClips.memory(ID, i, "", new float[] {0, 1}), block);
      }
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void sinksWindow_isTheNewestUpToTheWholeBudget() throws Refused {
    assertThat(chosen(new SinksWindowPolicy()))
        .containsExactly(52L, 53L, 54L, 55L, 56L, 57L, 58L, 59L);
    asOf = Pts.ofSeconds(3.5);
    assertThat(chosen(new SinksWindowPolicy())).containsExactly(0L, 1L, 2L);
  }

  @Test
  void uniform_isSpreadOverAllThatWasSeen() throws Refused {
    assertThat(chosen(new UniformPolicy())).containsExactly(0L, 8L, 17L, 25L, 34L, 42L, 51L, 59L);
    asOf = Pts.ofSeconds(30.5);
    assertThat(chosen(new UniformPolicy())).containsExactly(0L, 4L, 8L, 12L, 17L, 21L, 25L, 29L);
  }

  @Test
  void uniform_isSpreadOverTheScope() throws Refused {
    scope = Optional.of(Span.ofSeconds(40, 56));
    assertThat(chosen(new UniformPolicy())).containsExactly(40L, 42L, 44L, 46L, 49L, 51L, 53L, 55L);
  }

  @Test
  void full_isEveryClipOfTheScope() throws Refused {
    scope = Optional.of(Span.ofSeconds(20, 28));
    assertThat(chosen(new FullPolicy())).containsExactly(20L, 21L, 22L, 23L, 24L, 25L, 26L, 27L);
  }

  @Test
  void full_overMoreThanFits_isRefusedWithTheCounts() {
    assertThatThrownBy(() -> chosen(new FullPolicy()))
        .isInstanceOfSatisfying(
            Refused.class, e -> assertThat(e.kind()).isEqualTo(Refused.Kind.INVALID))
        .hasMessageContaining("all 60 clips")
        .hasMessageContaining("at most 8");
  }

  @Test
  void oracle_isTheGivenClipsAndTheRecentWindow() throws Refused {
    spans = List.of(Span.ofSeconds(20.5, 22.5));
    assertThat(chosen(new OraclePolicy())).containsExactly(20L, 21L, 22L, 56L, 57L, 58L, 59L);
  }

  @Test
  void oracle_givenMoreThanFits_keepsTheEndsOfEachSpan() throws Refused {
    spans = List.of(Span.ofSeconds(5, 15), Span.ofSeconds(30, 40));
    assertThat(chosen(new OraclePolicy())).containsExactly(5L, 14L, 30L, 39L, 56L, 57L, 58L, 59L);
    spans = List.of(Span.ofSeconds(5, 15));
    assertThat(chosen(new OraclePolicy())).containsExactly(5L, 6L, 13L, 14L, 56L, 57L, 58L, 59L);
  }

  @Test
  void oracle_prefersClipsWithinASpanToThoseThatOnlyTouchIt() throws Refused {
    spans = List.of(Span.ofSeconds(19.5, 23.5));
    assertThat(chosen(new OraclePolicy())).containsExactly(20L, 21L, 22L, 23L, 56L, 57L, 58L, 59L);
  }

  @Test
  void oracle_momentInALongSpan_getsTheClipsNearestToIt() throws Refused {
    spans = List.of(Span.ofSeconds(5, 45));
    moment = Optional.of(Pts.ofSeconds(30.2));
    assertThat(chosen(new OraclePolicy())).containsExactly(28L, 29L, 30L, 31L, 56L, 57L, 58L, 59L);
  }

  @Test
  void oracle_neverSeesLaterThanAsOf() throws Refused {
    asOf = Pts.ofSeconds(30.5);
    spans = List.of(Span.ofSeconds(10, 11), Span.ofSeconds(29, 50));
    assertThat(chosen(new OraclePolicy())).containsExactly(10L, 26L, 27L, 28L, 29L);
  }

  @Test
  void oracle_clipBothGivenAndRecent_standsOnceAndIsOneOfTheGiven() throws Refused {
    spans = List.of(Span.ofSeconds(58, 60));
    List<Recalled> clips = select(new OraclePolicy());
    assertThat(clips).hasSize(4);
    assertThat(clips.getLast().signals()).containsOnlyKeys("given");
    assertThat(clips.getFirst().signals()).containsOnlyKeys("recent");
  }

  @Test
  void everyPolicy_overAnEmptyMemory_choosesNothing() throws Refused {
    asOf = new Pts(0);
    spans = List.of(Span.ofSeconds(0, 10));
    for (ContextPolicy policy : List.of(
        new OnlookerPolicy(),
        new RecentPolicy(),
        new SinksWindowPolicy(),
        new UniformPolicy(),
        new FullPolicy(),
        new OraclePolicy(),
        new BlindPolicy())) {
      assertThat(select(policy)).as(policy.name()).isEmpty();
    }
  }

  private List<Long> chosen(ContextPolicy policy) throws Refused {
    return select(policy).stream().map(clip -> clip.key().sequence()).toList();
  }

  private List<Recalled> select(ContextPolicy policy) throws Refused {
    List<TimedQuestion.Part> parts = new ArrayList<>();
    parts.add(new TimedQuestion.Part.Words("what was there"));
    moment.ifPresent(at -> parts.add(new TimedQuestion.Part.At(at)));
    TimedQuestion question =
        new TimedQuestion(parts, scope, RecallQuery.Order.RELEVANCE, TimedQuestion.About.HISTORY);
    return policy
        .select(new ContextPolicy.Inquiry(
            question, ID, asOf, BUDGET, 1, spans, List.of(), store, new NoRecall()))
        .clips();
  }

  private static final class NoRecall implements ContextPolicy.Recaller {
    @Override
    public List<Recalled> recall(Span scope, RecallQuery.Order order, int limit) {
      return List.of();
    }

    @Override
    public Map<ClipEntry, Layers> byQueries(
        Span scope, InternalRecall.Nearness nearness, int limit) {
      return Map.of();
    }

    @Override
    public Optional<Appearances> appearances(Span scope) {
      return Optional.empty();
    }
  }
}
