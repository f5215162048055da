package org.onlooker.memory;

import java.nio.file.Path;
import org.onlooker.core.KvBlock;
import org.onlooker.core.MemoryStore;
import org.onlooker.testing.Memories;

/** Folders, options and clips of these tests. */
final class TestFolders {
  private TestFolders() {}

  /** Shared by all test runs, so that the library is unpacked once. */
  static Path natives() {
    return Path.of(System.getProperty("onlooker.root", ".."), ".onlooker", "native");
  }

  static RocksOptions options() {
    return RocksOptions.defaults().withFreeBytesMin(1 << 20);
  }

  static void append(MemoryStore store, String stream, long from, int count) {
    for (long sequence = from; sequence < from + count; sequence++) {
      try (KvBlock block = Memories.block(stream, sequence)) {
        store.append(Memories.memory(stream, sequence), block);
      }
    }
  }
}
