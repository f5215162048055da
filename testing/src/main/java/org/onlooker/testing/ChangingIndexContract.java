package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.testing.IndexQueries.DOG;
import static org.onlooker.testing.IndexQueries.DOOR;
import static org.onlooker.testing.IndexQueries.NO_EMBEDDING;
import static org.onlooker.testing.IndexQueries.byEmbedding;
import static org.onlooker.testing.IndexQueries.every;
import static org.onlooker.testing.IndexQueries.like;
import static org.onlooker.testing.IndexQueries.query;
import static org.onlooker.testing.Memories.entry;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Appearances;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.Pts;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** How a {@link MemoryIndex} follows what is added, replaced and removed. */
abstract class ChangingIndexContract {
  MemoryIndex index;

  /** A new, empty index whose questions are embedded by the pack {@code fingerprint}. */
  protected abstract MemoryIndex open(String fingerprint);

  @BeforeEach
  final void openIndex() {
    index = open(Memories.FINGERPRINT);
  }

  @AfterEach
  final void closeIndex() {
    index.close();
  }

  @Test
  final void add_again_replaces() {
    index.add(entry("door", 0, "A dog.", like(0.9)));
    index.add(entry("door", 0, "A cat.", like(-0.9)));
    assertThat(ask("dog")).isEmpty();
    assertThat(ask("cat")).hasSize(1);
    assertThat(index.recall(byEmbedding(0.3, RecallQuery.Order.RELEVANCE, 8))).isEmpty();
  }

  @Test
  final void add_again_longerSpan_replacesTheShorterOne() {
    for (int sequence = 0; sequence < 3; sequence++) {
      index.add(entry("door", sequence, "A dog.", like(0.9)));
    }
    index.commit();
    for (int end = 4; end < 9; end++) {
      index.add(lasting(entry("door", 2, "A dog.", like(0.9)), end));
      assertThat(index.nextSequence(DOOR)).isEqualTo(3);
      assertThat(sequences(ask("dog"))).containsExactlyInAnyOrder(0L, 1L, 2L);
    }
    index.add(entry("door", 8, "A dog.", like(0.9)));
    Appearances found = index.appearances(every(Span.ALL, "dog"));
    assertThat(found.count()).isEqualTo(1);
    assertThat(found.kept().getFirst().span()).isEqualTo(Span.ofSeconds(0, 9));
    assertThat(found.kept().getFirst().clipCount()).isEqualTo(4);
    List<Recalled> nearest = index.recall(byEmbedding(0.3, RecallQuery.Order.NEWEST, 2));
    assertThat(nearest.getLast().span()).isEqualTo(Span.ofSeconds(2, 8));
  }

  private static ClipEntry lasting(ClipEntry clip, double end) {
    return new ClipEntry(
        clip.key(),
        new Span(clip.span().start(), Pts.ofSeconds(end)),
        clip.startTime(),
        clip.fingerprint(),
        clip.caption(),
        clip.embedding());
  }

  @Test
  final void remove_clipsThatOverlap_areGone() {
    for (int sequence = 0; sequence < 30; sequence++) {
      index.add(entry("door", sequence, sequence < 10 ? "A cat." : "A dog.", like(0.9)));
      index.add(entry("other", sequence, "A cat."));
      if (sequence % 8 == 0) {
        index.commit();
      }
    }
    index.remove(DOOR, Span.ofSeconds(0, 10.5)); // into the clip from 10 to 11
    assertThat(ask("cat")).isEmpty();
    assertThat(index.names(9)).contains("cat", "dog"); // another stream has it
    Appearances dogs = index.appearances(every(Span.ALL, "dog"));
    assertThat(dogs.kept().getFirst().span()).isEqualTo(Span.ofSeconds(11, 30));
    assertThat(sequences(index.recall(byEmbedding(0.3, RecallQuery.Order.OLDEST, 2))))
        .containsExactly(11L, 12L);
    assertThat(index.nextSequence(DOOR)).isEqualTo(30);
    index.remove(new StreamId("nobody"), Span.ofSeconds(0, 9));
    index.remove(DOOR, Span.ofSeconds(4, 12));
    assertThat(sequences(index.recall(byEmbedding(0.3, RecallQuery.Order.OLDEST, 1))))
        .containsExactly(12L);
    index.remove(DOOR, Span.ALL);
    assertThat(index.recall(byEmbedding(0.3, RecallQuery.Order.OLDEST, 9))).isEmpty();
    index.remove(new StreamId("other"), Span.ALL);
    assertThat(index.names(9)).isEmpty();
    index.add(entry("door", 30, "A cat."));
    assertThat(sequences(ask("cat"))).containsExactly(30L);
  }

  @Test
  final void nextSequence_followsWhatWasAdded() {
    assertThat(index.nextSequence(DOOR)).isZero();
    index.add(entry("door", 0, "A dog."));
    index.add(entry("door", 7, "A dog."));
    index.add(entry("other", 99, "A dog."));
    assertThat(index.nextSequence(DOOR)).isEqualTo(8);
    index.removeStream(DOOR);
    assertThat(index.nextSequence(DOOR)).isZero();
    assertThat(ask("dog")).isEmpty();
    assertThat(index.nextSequence(new StreamId("other"))).isEqualTo(100);
    index.add(entry("door", 0, "A dog."));
    index.commit();
    assertThat(ask("dog")).hasSize(1);
  }

  @Test
  final void recall_whileAdding_findsWhatWasAddedBefore() throws Exception {
    Callable<Boolean> adding = () -> {
      for (int sequence = 0; sequence < 40; sequence++) {
        index.add(entry("door", sequence * 5L, "A dog.", like(0.9)));
        RecallQuery newest = query(Span.ALL, "dog", DOG, 0.3, RecallQuery.Order.NEWEST, 1);
        assertThat(sequences(index.recall(newest))).containsExactly(sequence * 5L);
      }
      return true;
    };
    Callable<Boolean> asking = () -> {
      for (int i = 0; i < 40; i++) {
        ask("dog");
      }
      return true;
    };
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (Future<Boolean> done : threads.invokeAll(List.of(adding, asking, asking))) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  List<Recalled> ask(String question) {
    return index.recall(
        query(Span.ALL, question, NO_EMBEDDING, 0.3, RecallQuery.Order.RELEVANCE, 8));
  }

  static List<Long> sequences(List<Recalled> found) {
    return found.stream().map(clip -> clip.key().sequence()).toList();
  }
}
