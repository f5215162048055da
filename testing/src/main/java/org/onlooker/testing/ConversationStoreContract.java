package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Conversation;
import org.onlooker.core.ConversationId;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.TimedQuestion.Part;
import org.onlooker.core.Turn;

/** What every {@link ConversationStore} does. */
public abstract class ConversationStoreContract {
  private static final StreamId DOOR = new StreamId("door");
  private static final StreamId YARD = new StreamId("yard");
  private static final ConversationId TEA = new ConversationId("tea");
  private static final Instant BEGUN = Instant.parse("2026-11-21T10:00:00Z");
  private MemoryStore memory;
  private ConversationStore store;

  /** A new, empty store. */
  protected abstract MemoryStore open();

  @BeforeEach
  final void openStore() {
    memory = open();
    store = memory.conversations();
  }

  @AfterEach
  final void closeStore() {
    memory.close();
  }

  /** A turn asked {@code second} seconds after the beginning, with a moment in both its parts. */
  public static Turn turn(int second) {
    return new Turn(
        "ans_" + second,
        new Turn.Said(
            "what was there at " + second + " s?",
            List.of(
                new Part.Words("what was there at "),
                new Part.At(Pts.ofSeconds(second)),
                new Part.Words("?"))),
        new Turn.Said(
            "A żółw 🐢 at 0:02.",
            List.of(
                new Part.Words("A żółw 🐢 at "),
                new Part.At(Pts.ofSeconds(2)),
                new Part.Words("."))),
        BEGUN.plusSeconds(second).plusNanos(123_456_789),
        Pts.ofSeconds(second + 0.5),
        List.of(Span.ofSeconds(2, 3), Span.ofSeconds(7, 8)));
  }

  @Test
  final void open_new_isFoundAndHasNoTurns() {
    Conversation begun = store.open(TEA, DOOR, BEGUN.plusNanos(1));

    assertThat(begun).isEqualTo(new Conversation(TEA, DOOR, "", 0, BEGUN, BEGUN));
    assertThat(store.find(TEA)).contains(begun);
    assertThat(store.list(DOOR)).containsExactly(begun);
    assertThat(store.turns(TEA)).isEmpty();
    assertThat(store.newestTurn(TEA)).isEmpty();
    assertThat(store.newestTurn(new ConversationId("coffee"))).isEmpty();
    assertThat(store.find(new ConversationId("te"))).isEmpty();
    assertThat(store.list(YARD)).isEmpty();
    assertThat(store.turns(new ConversationId("coffee"))).isEmpty();
  }

  @Test
  final void open_again_givesWhatIsThereWhicheverStreamIsNamed() {
    Conversation begun = store.open(TEA, DOOR, BEGUN);
    store.append(begun, turn(1));

    Conversation again = store.open(TEA, YARD, BEGUN.plusSeconds(60));

    assertThat(again.stream()).isEqualTo(DOOR);
    assertThat(again.createdAt()).isEqualTo(BEGUN);
    assertThat(again.turnCount()).isEqualTo(1);
    assertThat(store.list(YARD)).isEmpty();
  }

  @Test
  final void append_turnsComeBackWholeAndInOrder() {
    Conversation begun = store.open(TEA, DOOR, BEGUN);

    assertThat(store.append(begun, turn(2))).isTrue();
    assertThat(store.append(begun, turn(1))).isTrue();

    assertThat(store.turns(TEA)).containsExactly(turn(2), turn(1));
    assertThat(store.newestTurn(TEA)).contains(turn(1));
    assertThat(store.find(TEA))
        .contains(new Conversation(
            TEA, DOOR, "what was there at 2 s?", 2, BEGUN, BEGUN.plusMillis(2_123)));
  }

  @Test
  final void append_overTheBound_forgetsTheOldestTurns() {
    Conversation begun = store.open(TEA, DOOR, BEGUN);
    for (int second = 0; second < ConversationStore.TURNS_MAX + 3; second++) {
      store.append(begun, turn(second));
    }

    assertThat(store.turns(TEA))
        .hasSize(ConversationStore.TURNS_MAX)
        .startsWith(turn(3))
        .endsWith(turn(ConversationStore.TURNS_MAX + 2));
    assertThat(store.newestTurn(TEA)).contains(turn(ConversationStore.TURNS_MAX + 2));
    Conversation found = store.find(TEA).orElseThrow();
    assertThat(found.turnCount()).isEqualTo(ConversationStore.TURNS_MAX);
    assertThat(found.title()).isEqualTo("what was there at 0 s?");
  }

  @Test
  final void open_overTheBound_forgetsTheConversationLeastRecentlyAskedIn() {
    List<Conversation> begun = new ArrayList<>();
    for (int i = 0; i < ConversationStore.CONVERSATIONS_MAX; i++) {
      begun.add(store.open(new ConversationId("c" + i), DOOR, BEGUN.plusSeconds(i)));
    }
    Conversation other = store.open(TEA, YARD, BEGUN.minusSeconds(1));
    store.append(begun.getFirst(), turn(5_000));

    Conversation newest = store.open(new ConversationId("new"), DOOR, BEGUN.plusSeconds(6_000));

    List<Conversation> kept = store.list(DOOR);
    assertThat(kept).hasSize(ConversationStore.CONVERSATIONS_MAX).startsWith(newest);
    assertThat(kept.get(1).id()).isEqualTo(begun.getFirst().id());
    assertThat(store.find(begun.get(1).id())).isEmpty();
    assertThat(store.append(begun.get(1), turn(7_000))).isFalse();
    assertThat(store.list(YARD)).containsExactly(other);
  }

  @Test
  final void remove_nothingComesBack() {
    Conversation begun = store.open(TEA, DOOR, BEGUN);
    ConversationId neighbour = new ConversationId("tea-2");
    store.append(store.open(neighbour, DOOR, BEGUN), turn(9));
    store.append(begun, turn(1));

    assertThat(store.remove(TEA)).isTrue();
    assertThat(store.remove(TEA)).isFalse();
    assertThat(store.append(begun, turn(2))).isFalse();
    Conversation anew = store.open(TEA, DOOR, BEGUN.plusSeconds(1));

    assertThat(store.turns(TEA)).isEmpty();
    assertThat(store.append(begun, turn(3))).isFalse();
    assertThat(store.append(anew, turn(4))).isTrue();
    assertThat(store.turns(TEA)).containsExactly(turn(4));
    assertThat(store.turns(neighbour)).containsExactly(turn(9));
  }

  @Test
  final void removeStream_withItsMemory_takesItsConversationsAlong() {
    Conversation tea = store.open(TEA, DOOR, BEGUN);
    store.append(tea, turn(1));
    ConversationId longer = new ConversationId("door-2");
    store.append(store.open(longer, new StreamId("door-2"), BEGUN), turn(2));

    memory.removeStream(DOOR, false);
    assertThat(store.turns(TEA)).hasSize(1);
    memory.removeStream(DOOR, true);

    assertThat(store.find(TEA)).isEmpty();
    assertThat(store.list(DOOR)).isEmpty();
    assertThat(store.append(tea, turn(3))).isFalse();
    assertThat(store.turns(longer)).containsExactly(turn(2));
  }

  @Test
  final void append_bySeveralThreads_losesNothing() throws Exception {
    Conversation begun = store.open(TEA, DOOR, BEGUN);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Boolean>> appended = new ArrayList<>();
      for (int second = 0; second < 40; second++) {
        Turn turn = turn(second);
        appended.add(threads.submit(() -> store.append(begun, turn)));
      }
      for (Future<Boolean> one : appended) {
        assertThat(one.get()).isTrue();
      }
    }

    assertThat(store.turns(TEA)).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  final void find_onClosedStore_isRefused() {
    memory.close();

    assertThatIllegalStateException().isThrownBy(() -> store.find(TEA));
  }
}
