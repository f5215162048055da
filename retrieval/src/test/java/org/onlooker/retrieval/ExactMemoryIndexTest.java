package org.onlooker.retrieval;

import org.onlooker.core.MemoryIndex;
import org.onlooker.testing.MemoryIndexContract;

final class ExactMemoryIndexTest extends MemoryIndexContract {
  @Override
  protected MemoryIndex open(String fingerprint) {
    return new ExactMemoryIndex(fingerprint);
  }
}
