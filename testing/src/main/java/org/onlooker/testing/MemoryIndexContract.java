package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.testing.IndexQueries.DOG;
import static org.onlooker.testing.IndexQueries.DOOR;
import static org.onlooker.testing.IndexQueries.NO_EMBEDDING;
import static org.onlooker.testing.IndexQueries.byEmbedding;
import static org.onlooker.testing.IndexQueries.every;
import static org.onlooker.testing.IndexQueries.like;
import static org.onlooker.testing.IndexQueries.proven;
import static org.onlooker.testing.IndexQueries.query;
import static org.onlooker.testing.Memories.entry;

import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Appearance;
import org.onlooker.core.Appearances;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;

/** What every {@link MemoryIndex} does. */
public abstract class MemoryIndexContract extends ChangingIndexContract {
  @Test
  final void recall_byEmbedding_bestFirstAndNoneBelowTheFloor() {
    index.add(entry("door", 0, "", like(0.9)));
    index.add(entry("door", 10, "", like(0.2)));
    index.add(entry("door", 20, "", like(0.99)));
    index.add(entry("door", 30, "", like(-0.9)));
    index.add(entry("door", 40, ""));
    List<Recalled> found = index.recall(byEmbedding(0.3, RecallQuery.Order.RELEVANCE, 8));
    assertThat(sequences(found)).containsExactly(20L, 0L);
    assertThat(found.getFirst().signals()).containsOnlyKeys("embedding");
    assertThat(found.getFirst().signals().get("embedding")).isEqualTo(0.99, Offset.offset(1e-5));
    assertThat(found.getFirst().span()).isEqualTo(Memories.span(20));
    assertThat(index.recall(byEmbedding(0.999, RecallQuery.Order.RELEVANCE, 8))).isEmpty();
  }

  @Test
  final void recall_byCaption_findsOtherFormsOfTheWord() {
    index.add(entry("door", 0, "A dog and a bus."));
    index.add(entry("door", 10, "Two butterflies."));
    index.add(entry("door", 20, "Nothing."));
    index.add(entry("door", 30, "Watches and a glass, children."));
    assertThat(sequences(ask("Did you see any dogs?"))).containsExactly(0L);
    assertThat(sequences(ask("Were there glasses, or a watch?"))).containsExactly(30L);
    assertThat(sequences(ask("How many buses were there?"))).containsExactly(0L);
    assertThat(sequences(ask("Have you ever seen the butterfly?"))).containsExactly(10L);
    assertThat(ask("the dog").getFirst().signals()).containsOnlyKeys("caption");
    assertThat(sequences(ask("Is it a child?"))).containsExactly(30L);
    assertThat(ask("When did you last see a dogma?")).isEmpty();
  }

  @Test
  final void recall_questionThatNamesNothing_isEmpty() {
    index.add(entry("door", 0, "A dog and what is there to see at a time."));
    assertThat(ask("What was visible at that time?")).isEmpty();
    assertThat(ask("")).isEmpty();
  }

  @Test
  final void recall_bothSignals_countTogether() {
    index.add(entry("door", 0, "A dog and a tree.", like(0.5)));
    index.add(entry("door", 10, "A cat.", like(0.9)));
    index.add(entry("door", 20, "A dog.", like(0.6)));
    index.add(entry("door", 30, "A bus.", like(0.1)));
    List<Recalled> found =
        index.recall(query(Span.ALL, "the dog", DOG, 0.3, RecallQuery.Order.RELEVANCE, 8));
    assertThat(sequences(found)).containsExactly(20L, 0L, 10L);
    assertThat(found.getFirst().signals()).containsOnlyKeys("embedding", "caption");
    assertThat(found.getFirst().score())
        .isEqualTo(1.0 / 62 + 1.0 / 61, Offset.offset(0.0005))
        .isGreaterThan(found.get(1).score());
  }

  @Test
  final void recall_scope_takesClipsThatStartInIt() {
    for (int sequence = 0; sequence < 50; sequence += 5) {
      index.add(entry("door", sequence, "A dog.", like(0.9)));
    }
    RecallQuery query = query(Span.ofSeconds(10, 20), "dog", DOG, 0.3, RecallQuery.Order.OLDEST, 8);
    assertThat(sequences(index.recall(query))).containsExactly(10L, 15L);
    RecallQuery nothing =
        query(Span.ofSeconds(10, 10), "dog", DOG, 0.3, RecallQuery.Order.OLDEST, 8);
    assertThat(index.recall(nothing)).isEmpty();
  }

  @Test
  final void recall_otherStreams_areNotFound() {
    index.add(entry("doors", 0, "A dog.", like(0.9)));
    index.add(entry("doo", 0, "A dog.", like(0.9)));
    assertThat(ask("dog")).isEmpty();
    assertThat(index.recall(byEmbedding(0.3, RecallQuery.Order.NEWEST, 8))).isEmpty();
  }

  @Test
  final void recall_embeddingsOfAnotherPack_areNotCompared() {
    ClipEntry own = entry("door", 0, "A dog.", like(0.9));
    index.add(own);
    index.add(new ClipEntry(
        entry("door", 10, "").key(),
        Memories.span(10),
        Memories.START,
        "pack-2",
        "A dog.",
        like(0.99)));
    assertThat(sequences(index.recall(byEmbedding(0.3, RecallQuery.Order.RELEVANCE, 8))))
        .containsExactly(0L);
    assertThat(ask("dog")).hasSize(2);
  }

  @Test
  final void recall_newest_findsTheTrueLastClipBehindManyBetterOnes() {
    for (int sequence = 0; sequence < 900; sequence++) {
      index.add(entry("door", sequence, "", like(0.95 + sequence % 40 * 0.001)));
    }
    for (int sequence = 900; sequence < 3000; sequence++) {
      index.add(entry("door", sequence, "", like(sequence == 2400 ? 0.8 : 0.31)));
    }
    List<Recalled> found = index.recall(byEmbedding(0.3, RecallQuery.Order.NEWEST, 4));
    assertThat(sequences(found)).startsWith(2400L, 899L);
  }

  @Test
  final void recall_newest_captionsOutweighChanceEmbeddings() {
    for (int sequence = 0; sequence < 400; sequence++) {
      boolean dog = sequence >= 100 && sequence < 130;
      index.add(
          entry("door", sequence, dog ? "A dog and a tree." : "A tree.", like(dog ? 0.7 : 0.69)));
    }
    List<Recalled> found = index.recall(
        query(Span.ALL, "When did you last see the dog?", DOG, 0.3, RecallQuery.Order.NEWEST, 4));
    assertThat(sequences(found)).contains(129L);
    List<Recalled> first =
        index.recall(query(Span.ALL, "the dog", DOG, 0.3, RecallQuery.Order.OLDEST, 4));
    assertThat(sequences(first)).contains(100L);
  }

  @Test
  final void recall_newest_severalWords_findsAllTogetherAndTheLastOne() {
    index.add(entry("door", 10, "A red circle."));
    index.add(entry("door", 20, "A red square and a blue circle."));
    index.add(entry("door", 30, "A red square."));
    index.add(entry("door", 40, "A house and a dog."));
    index.add(entry("door", 50, "A cat."));
    index.add(entry("door", 60, "A house."));
    assertThat(sequences(newest("the red circle", 2))).contains(20L);
    assertThat(sequences(newest("the house cat", 2))).contains(50L);
    assertThat(sequences(newest("the soccer dog", 1))).containsExactly(40L);
  }

  @Test
  final void recall_runsOfClips_areThinned() {
    for (int sequence = 0; sequence < 60; sequence++) {
      index.add(entry("door", sequence, "A dog.", like(0.9)));
    }
    index.add(entry("door", 200, "A dog.", like(0.8)));
    index.add(entry("door", 300, "A dog.", like(0.7)));
    List<Recalled> found =
        index.recall(query(Span.ALL, "dog", DOG, 0.3, RecallQuery.Order.RELEVANCE, 5));
    assertThat(sequences(found)).hasSize(5).contains(0L, 59L, 200L, 300L);
    assertThat(found).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    assertThat(sequences(index.recall(byEmbedding(0.3, RecallQuery.Order.NEWEST, 2))))
        .containsExactly(300L, 200L);
  }

  @Test
  final void recall_atOneEnd_takesTheEndmostRunAlone() {
    for (long sequence : new long[] {10, 11, 12, 50, 51, 90, 91, 92}) {
      index.add(entry("door", sequence, "A dog.", like(0.9)));
    }
    assertThat(sequences(index.recall(byEmbedding(0.3, RecallQuery.Order.NEWEST, 8))))
        .containsExactly(92L, 91L, 90L);
    assertThat(sequences(index.recall(byEmbedding(0.3, RecallQuery.Order.OLDEST, 2))))
        .containsExactly(10L, 11L);
  }

  @Test
  final void recall_ofWhatTooFewClipsTell_isEmpty() {
    for (long sequence : new long[] {10, 12, 16, 30, 50, 52, 60, 80}) {
      index.add(entry("door", sequence, sequence == 60 ? "A cat." : "A dog."));
    }
    Span scope = Span.ofSeconds(0, 100);
    for (RecallQuery.Order order : RecallQuery.Order.values()) {
      if (order != RecallQuery.Order.RELEVANCE) {
        assertThat(sequences(index.recall(proven("dog", scope, order))))
            .contains(10L)
            .isSubsetOf(10L, 12L, 16L);
        assertThat(index.recall(proven("cat", scope, order))).isEmpty();
      }
    }
    assertThat(sequences(index.recall(proven("dog", scope, RecallQuery.Order.NEWEST))))
        .containsExactly(16L, 12L, 10L);
    assertThat(
            sequences(index.recall(proven("dog", Span.ofSeconds(29, 54), RecallQuery.Order.EVERY))))
        .containsExactly(30L, 50L);
  }

  @Test
  final void recall_byName_findsTheCaptionsThatListIt() {
    index.add(entry("door", 0, "A red circle and two blue squares."));
    index.add(entry("door", 10, "A red square and a blue circle."));
    index.add(entry("door", 20, "A blue square."));
    index.add(entry("other", 5, "A man in a blue coat walks past the gate."));
    assertThat(index.names(99))
        .containsExactlyInAnyOrder("red circle", "blue square", "red square", "blue circle");
    assertThat(index.names(2)).hasSize(2);
    assertThat(index.names(0)).isEmpty();
    for (RecallQuery.Order order : RecallQuery.Order.values()) {
      RecallQuery query = new RecallQuery(
          DOOR,
          Span.ALL,
          Optional.of("the azure box"),
          Optional.of("blue square"),
          NO_EMBEDDING,
          0,
          1,
          order,
          8);
      assertThat(sequences(index.recall(query))).contains(20L).isSubsetOf(0L, 20L);
    }
  }

  @Test
  final void recall_limit_isKept() {
    for (int sequence = 0; sequence < 40; sequence++) {
      index.add(entry("door", 10L * sequence, "A dog.", like(0.9)));
    }
    for (RecallQuery.Order order : RecallQuery.Order.values()) {
      for (int limit : new int[] {0, 1, 7, 40, 100}) {
        List<Recalled> found = index.recall(query(Span.ALL, "dog", DOG, 0.3, order, limit));
        int most = switch (order) {
          case NEWEST, OLDEST -> 2;
          case WHOLE -> 1;
          case RELEVANCE, EVERY -> 40;
        };
        assertThat(found).hasSize(Math.min(limit, most));
        assertThat(sequences(found)).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  final void appearances_byCaption_everyOneInTimeOrder() {
    for (int sequence = 0; sequence < 600; sequence++) {
      boolean dog = sequence % 20 < 5 && sequence % 20 != 2; // a hole of one clip
      index.add(entry("door", sequence, dog ? "A dog and a tree." : "A tree.", like(0.9)));
    }
    Appearances found = index.appearances(every(Span.ALL, "How often was there a dog?"));
    assertThat(found.count()).isEqualTo(30);
    assertThat(found.isComplete()).isTrue();
    for (int i = 0; i < 30; i++) {
      assertThat(found.kept().get(i).span()).isEqualTo(Span.ofSeconds(20 * i, 20 * i + 5));
      assertThat(found.kept().get(i).clipCount()).isEqualTo(4);
    }
    assertThat(found.kept().getFirst().first().signals()).containsOnlyKeys("caption");
    assertThat(sequences(index.recall(every(Span.ALL, "How often was there a dog?"))))
        .containsExactly(0L, 80L, 160L, 240L, 340L, 420L, 500L, 580L);
    Appearances some = index.appearances(every(Span.ofSeconds(41, 103), "the dogs"));
    assertThat(some.count()).isEqualTo(4);
    assertThat(some.kept().getFirst().span()).isEqualTo(Span.ofSeconds(41, 45));
    assertThat(index.appearances(every(Span.ofSeconds(7, 7), "dog")).count()).isZero();
  }

  @Test
  final void appearances_addedLateOrAgain_areInTimeOrder() {
    for (int sequence : new int[] {500, 0, 90, 40, 41, 501, 91, 40}) {
      index.add(entry("door", sequence, "A dog."));
      index.add(entry("other", sequence + 3, "A dog."));
      index.commit();
    }
    Appearances found = index.appearances(every(Span.ALL, "dog"));
    assertThat(found.kept().stream().map(Appearance::span).toList())
        .containsExactly(
            Memories.span(0),
            Span.ofSeconds(40, 42),
            Span.ofSeconds(90, 92),
            Span.ofSeconds(500, 502));
  }

  @Test
  final void appearances_clipsWithoutCaption_areComparedByEmbedding() {
    index.add(entry("door", 0, "A dog.", like(0.1)));
    index.add(entry("door", 20, "", like(0.9)));
    index.add(entry("door", 40, "", like(0.4))); // above the floor, but no proof
    index.add(entry("door", 60, "A cat.", like(0.95))); // its caption says what it is
    index.add(entry("door", 80, ""));
    assertThat(sequences(index.recall(every(Span.ALL, "every dog")))).containsExactly(0L, 20L);
    assertThat(sequences(index.recall(every(Span.ALL, "every hound")))).containsExactly(20L, 60L);
  }

  @Test
  final void appearances_severalWords_areAllThereOrTheLastOneIs() {
    index.add(entry("door", 0, "A red circle."));
    index.add(entry("door", 20, "A red square and a blue circle."));
    index.add(entry("door", 40, "A red square."));
    index.add(entry("door", 60, "A cat."));
    assertThat(sequences(index.recall(every(Span.ALL, "each red circle"))))
        .containsExactly(0L, 20L);
    assertThat(sequences(index.recall(every(Span.ALL, "each red cat")))).containsExactly(60L);
    assertThat(index.recall(every(Span.ALL, "each dog"))).isEmpty();
  }

  private List<Recalled> newest(String question, int limit) {
    return index.recall(
        query(Span.ALL, question, NO_EMBEDDING, 0.3, RecallQuery.Order.NEWEST, limit));
  }
}
