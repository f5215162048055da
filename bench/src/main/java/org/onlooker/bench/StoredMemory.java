package org.onlooker.bench;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;

/**
 * A memory read whole, while no product has it: what it holds of each clip, as checksums.
 *
 * @param clips of all streams by key
 * @param damaged values that the store left out
 */
record StoredMemory(Map<ClipKey, Clip> clips, long damaged) {
  /**
   * One clip.
   *
   * @param entry its span, times, caption and embedding
   * @param parts tokens, block, key means and thumbnail, of the clip that it repeats if it does;
   *     empty where there is none
   */
  record Clip(Entry entry, List<Optional<Long>> parts) {
    boolean isWhole() {
      return parts.stream().allMatch(Optional::isPresent);
    }
  }

  /** Of a clip, what is listed and searched. */
  record Entry(Span span, String startTime, String caption, int embedding, ClipKey original) {
    static Entry of(ClipEntry entry) {
      return new Entry(
          entry.span(),
          entry.startTime().truncatedTo(ChronoUnit.MILLIS).toString(),
          entry.caption(),
          Arrays.hashCode(entry.embedding()),
          entry.original());
    }
  }

  /** Opens the memory in {@code folder} and reads all of it. */
  static StoredMemory read(Path folder, Path natives) {
    RocksOptions options = RocksOptions.defaults().withFreeBytesMin(0);
    try (RocksMemoryStore store = RocksMemoryStore.open(folder, natives, options)) {
      Map<ClipKey, Clip> clips = new HashMap<>();
      Map<ClipKey, List<Optional<Long>>> parts = new HashMap<>();
      for (StreamId stream : store.remembered()) {
        for (ClipEntry entry : store.entries(stream, Span.ALL)) {
          List<Optional<Long>> found =
              parts.computeIfAbsent(entry.original(), key -> parts(store, key));
          clips.put(entry.key(), new Clip(Entry.of(entry), found));
        }
      }
      return new StoredMemory(Map.copyOf(clips), store.damagedCount());
    }
  }

  private static List<Optional<Long>> parts(RocksMemoryStore store, ClipKey clip) {
    return List.of(
        store.tokens(clip).map(tokens -> (long) Arrays.hashCode(tokens.values())),
        store.block(clip).map(StoredMemory::checksum),
        store.keyMeans(clip).map(means -> (long) Arrays.deepHashCode(means)),
        store.thumbnail(clip).map(jpeg -> (long) Arrays.hashCode(jpeg.bytes())));
  }

  private static long checksum(KvBlock decoded) {
    try (KvBlock block = decoded) {
      CRC32C crc = new CRC32C();
      for (MemorySegment numbers : List.of(block.keys(), block.values())) {
        crc.update(numbers.asByteBuffer());
      }
      return crc.getValue();
    }
  }

  /** Clips of which a part is not there. */
  long torn() {
    return clips.values().stream().filter(clip -> !clip.isWhole()).count();
  }

  /** Acknowledged clips that are not there. */
  long lost(Acknowledged acknowledged, List<String> streams) {
    long lost = 0;
    for (String stream : streams) {
      Map<Long, Clip> byEnd = byEnd(stream);
      lost += acknowledged.ends(stream).stream()
          .filter(end -> !byEnd.containsKey(end))
          .count();
    }
    return lost;
  }

  /** What is there and is not what the API had told: other pictures, other times. */
  long otherThan(Acknowledged acknowledged, List<String> streams) {
    long wrong = 0;
    for (String stream : streams) {
      Map<Long, Clip> byEnd = byEnd(stream);
      for (var told : acknowledged.thumbnails(stream).entrySet()) {
        Clip clip = byEnd.get(told.getKey());
        Optional<Long> jpeg = Optional.of((long) Arrays.hashCode(told.getValue()));
        wrong += clip != null && !clip.parts().getLast().equals(jpeg) ? 1 : 0;
      }
      wrong += acknowledged.cited().stream()
          .filter(cited -> cited.stream().equals(stream) && !holds(byEnd, cited))
          .count();
    }
    return wrong;
  }

  /** Cited stretches are of whole clips. */
  private static boolean holds(Map<Long, Clip> byEnd, Acknowledged.Cited cited) {
    return byEnd.containsKey(cited.end())
        && byEnd.values().stream()
            .map(Clip::entry)
            .anyMatch(entry -> entry.span().start().micros() == cited.start()
                && entry.startTime().equals(cited.startTime()));
  }

  private Map<Long, Clip> byEnd(String stream) {
    Map<Long, Clip> byEnd = new TreeMap<>();
    clips.forEach((key, clip) -> {
      if (key.stream().value().equals(stream)) {
        byEnd.put(clip.entry().span().end().micros(), clip);
      }
    });
    return byEnd;
  }

  /** Entries and parts in {@code damagedOne} that are there but are not what they are here. */
  long wrongIn(StoredMemory damagedOne) {
    long wrong = 0;
    for (var found : damagedOne.clips().entrySet()) {
      Clip right = clips.get(found.getKey());
      Clip clip = found.getValue();
      if (right == null || !right.entry().equals(clip.entry())) {
        wrong++;
        continue;
      }
      for (int part = 0; part < clip.parts().size(); part++) {
        Optional<Long> served = clip.parts().get(part);
        wrong += served.isPresent() && !Objects.equals(served, right.parts().get(part)) ? 1 : 0;
      }
    }
    return wrong;
  }

  /** Clips that are there with all their parts. */
  long whole() {
    return clips.values().stream().filter(Clip::isWhole).count();
  }
}
