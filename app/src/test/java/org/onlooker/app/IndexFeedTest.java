package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.IndexFeed;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.testing.Memories;

class IndexFeedTest {
  private static final StreamId DOOR = new StreamId("door");

  private final HeapMemoryStore store = new HeapMemoryStore(100_000);
  private final ExactMemoryIndex index = new ExactMemoryIndex(Memories.FINGERPRINT);

  @AfterEach
  void close() {
    store.close();
  }

  private Memory remember(long sequence) {
    Memory memory = Memories.memory("door", sequence);
    try (KvBlock block = Memories.block("door", sequence)) {
      store.append(memory, block);
    }
    return memory;
  }

  private static RecallQuery captioned() {
    return new RecallQuery(
        DOOR,
        Span.ALL,
        Optional.of("caption"),
        Optional.empty(),
        new float[0],
        0,
        1,
        RecallQuery.Order.EVERY,
        1);
  }

  @Test
  void catchUp_manyClips_indexHasThemAll() {
    for (int sequence = 0; sequence < 700; sequence++) {
      remember(sequence);
    }
    index.add(Memories.memory("door", 0).entry());
    new IndexFeed(DOOR, store, index).catchUp();
    assertThat(index.nextSequence(DOOR)).isEqualTo(700);
  }

  @Test
  void add_beforeItHasCaughtUp_isLeftToTheCatchingUp() {
    remember(0);
    IndexFeed feed = new IndexFeed(DOOR, store, index);
    feed.add(remember(1).entry());
    assertThat(index.nextSequence(DOOR)).isZero();
    feed.catchUp();
    assertThat(index.nextSequence(DOOR)).isEqualTo(2);
    feed.add(remember(2).entry());
    assertThat(index.nextSequence(DOOR)).isEqualTo(3);
  }

  @Test
  void stop_beforeItHasCaughtUp_leavesTheRestToTheNextStart() {
    for (int sequence = 0; sequence < 5; sequence++) {
      remember(sequence);
    }
    IndexFeed feed = new IndexFeed(DOOR, store, index);
    feed.stop();
    feed.catchUp();
    feed.add(remember(5).entry());
    assertThat(index.nextSequence(DOOR)).isZero();
    new IndexFeed(DOOR, store, index).catchUp();
    assertThat(index.nextSequence(DOOR)).isEqualTo(6);
  }

  @Test
  void add_whileCatchingUp_noClipIsMissed() throws Exception {
    for (int sequence = 0; sequence < 2000; sequence++) {
      remember(sequence);
    }
    IndexFeed feed = new IndexFeed(DOOR, store, index);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<?> catchingUp = thread.submit(feed::catchUp);
      for (int sequence = 2000; sequence < 3000; sequence++) {
        feed.add(remember(sequence).entry());
      }
      catchingUp.get();
    }
    assertThat(index.appearances(captioned()).count()).isEqualTo(1);
    assertThat(index.appearances(captioned()).kept().getFirst().clipCount()).isEqualTo(3000);
  }
}
