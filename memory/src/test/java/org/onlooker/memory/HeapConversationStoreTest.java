package org.onlooker.memory;

import org.onlooker.core.MemoryStore;
import org.onlooker.testing.ConversationStoreContract;

final class HeapConversationStoreTest extends ConversationStoreContract {
  @Override
  protected MemoryStore open() {
    return new HeapMemoryStore(10);
  }
}
