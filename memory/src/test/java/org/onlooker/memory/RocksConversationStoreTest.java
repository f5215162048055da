package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.Conversation;
import org.onlooker.core.ConversationId;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.StreamId;
import org.onlooker.testing.ConversationStoreContract;
import org.rocksdb.RocksDBException;

final class RocksConversationStoreTest extends ConversationStoreContract {
  private static final StreamId DOOR = new StreamId("door");
  private static final ConversationId TEA = new ConversationId("tea");

  @TempDir
  Path folder;

  @Override
  protected MemoryStore open() {
    return openIn("contract");
  }

  private RocksMemoryStore openIn(String name) {
    return RocksMemoryStore.open(
        folder.resolve(name), TestFolders.natives(), TestFolders.options());
  }

  private static Conversation begun(RocksMemoryStore store) {
    return store.conversations().open(TEA, DOOR, Instant.EPOCH);
  }

  @Test
  void open_again_findsEveryTurnAndGoesOn() {
    try (RocksMemoryStore store = openIn("again")) {
      store.conversations().append(begun(store), turn(1));
    }
    try (RocksMemoryStore store = openIn("again")) {
      assertThat(store.conversations().turns(TEA)).containsExactly(turn(1));
      store.conversations().append(begun(store), turn(2));
      assertThat(store.conversations().turns(TEA)).containsExactly(turn(1), turn(2));
      assertThat(store.damagedCount()).isZero();
    }
  }

  @Test
  void open_memoryWrittenBeforeThereWereConversations_takesThem() throws RocksDBException {
    openIn("older").close();
    try (RocksDatabase raw = new RocksDatabase(folder.resolve("older"), TestFolders.options())) {
      raw.db().dropColumnFamily(raw.handle(RocksDatabase.Family.CONVERSATIONS));
    }
    try (RocksMemoryStore store = openIn("older")) {
      assertThat(store.conversations().list(DOOR)).isEmpty();
      store.conversations().append(begun(store), turn(1));
      assertThat(store.conversations().turns(TEA)).containsExactly(turn(1));
    }
  }

  @Test
  void turns_damagedOne_isLeftOutAndCounted() throws RocksDBException {
    try (RocksMemoryStore store = openIn("damaged")) {
      for (int second = 1; second <= 3; second++) {
        store.conversations().append(begun(store), turn(second));
      }
    }
    overwrite("damaged", 2);
    try (RocksMemoryStore store = openIn("damaged")) {
      assertThat(store.conversations().turns(TEA)).containsExactly(turn(1), turn(3));
      assertThat(store.damagedCount()).isEqualTo(1);
    }
  }

  @Test
  void open_damagedConversation_beginsAnewWithoutItsOldTurns() throws RocksDBException {
    try (RocksMemoryStore store = openIn("head")) {
      store.conversations().append(begun(store), turn(1));
    }
    overwrite("head", ConversationKeys.HEAD);
    try (RocksMemoryStore store = openIn("head")) {
      assertThat(store.conversations().find(TEA)).isEmpty();
      assertThat(store.conversations().list(DOOR)).isEmpty();
      store.conversations().append(begun(store), turn(2));
      assertThat(store.conversations().turns(TEA)).containsExactly(turn(2));
      assertThat(store.damagedCount()).isPositive();
    }
  }

  private void overwrite(String name, long number) throws RocksDBException {
    try (RocksDatabase raw = new RocksDatabase(folder.resolve(name), TestFolders.options())) {
      raw.db()
          .put(
              raw.handle(RocksDatabase.Family.CONVERSATIONS),
              ConversationKeys.of(DOOR, TEA, number),
              new byte[] {1, 2, 3});
    }
  }

  @Test
  void removeStream_withItsMemory_leavesNoWordInTheFiles() throws IOException {
    try (RocksMemoryStore store = openIn("gone")) {
      store.conversations().append(begun(store), turn(1));
      store.removeStream(DOOR, true);
    }
    try (Stream<Path> files = Files.list(folder.resolve("gone"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain("what was there");
      }
    }
  }

  @Test
  void keys_orderTurnsBehindTheirConversationAndBeforeTheNext() {
    byte[] head = ConversationKeys.of(DOOR, TEA, ConversationKeys.HEAD);
    byte[] turn = ConversationKeys.of(DOOR, TEA, 1);
    List<byte[]> inOrder = List.of(
        MemoryKeys.stream(DOOR),
        head,
        turn,
        ConversationKeys.behind(DOOR, TEA),
        MemoryKeys.behind(DOOR));

    assertThat(inOrder).isSortedAccordingTo(Arrays::compareUnsigned);
    assertThat(ConversationKeys.behind(head)).isEqualTo(ConversationKeys.behind(DOOR, TEA));
    assertThat(ConversationKeys.stream(turn)).isEqualTo(DOOR);
    assertThat(ConversationKeys.conversation(turn)).isEqualTo(TEA);
  }
}
