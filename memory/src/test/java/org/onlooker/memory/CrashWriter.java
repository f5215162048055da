package org.onlooker.memory;

import java.nio.file.Path;
import java.util.List;
import org.onlooker.core.StreamId;

/**
 * A process that appends clips to two streams until it is killed, and prints each clip it was
 * acknowledged: {@code stream sequence}.
 */
final class CrashWriter {
  static final List<String> STREAMS = List.of("door", "yard");
  private static final long MEMTABLE_BYTES = 1 << 20; // small, so that kills hit flushes too

  private CrashWriter() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    RocksOptions options = TestFolders.options().withMemtableBytes(MEMTABLE_BYTES);
    RocksMemoryStore store = RocksMemoryStore.open(folder, Path.of(arguments[1]), options);
    for (String stream : STREAMS) {
      Thread.ofPlatform().name(stream).start(() -> appendForEver(store, stream));
    }
  }

  private static void appendForEver(RocksMemoryStore store, String stream) {
    long sequence = store.nextSequence(new StreamId(stream));
    while (true) {
      TestFolders.append(store, stream, sequence, 1);
      synchronized (System.out) {
        System.out.println(stream + " " + sequence);
        System.out.flush();
      }
      sequence++;
    }
  }
}
