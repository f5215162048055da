package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Span;
import org.onlooker.memory.BlockCodec;
import org.onlooker.memory.Fp16BlockCodec;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;

/** Bytes of a clip in table files, by codec, beside its keys and values as plain fp16. */
final class CodecSizes {
  /** Of design section 9: three and a half times smaller. */
  private static final double GOAL = 1 / 3.5;

  private final WatchedWorld world;
  private final Path folder;
  private final Path natives;

  CodecSizes(WatchedWorld world, Path folder, Path natives) {
    this.world = world;
    this.folder = folder;
    this.natives = natives;
  }

  List<Figure> measure(Map<String, BlockCodec> codecs) throws IOException {
    List<ClipEntry> entries = world.store().entries(world.stream(), Span.ALL);
    double fp16 = fp16Bytes(entries);
    List<Figure> figures = new ArrayList<>();
    for (var codec : codecs.entrySet()) {
      Path place = folder.resolve("sizes-" + codec.getKey().replace(' ', '-'));
      RocksOptions options = RocksOptions.defaults().withCodec(codec.getValue());
      try (RocksMemoryStore store = RocksMemoryStore.open(place, natives, options)) {
        for (ClipEntry entry : entries) {
          copy(entry, store);
        }
      }
      // opening again brings what was in the log to table files
      try (RocksMemoryStore store = RocksMemoryStore.open(place, natives, options)) {
        figures.addAll(figures(codec.getKey(), store.tableBytes(), entries.size(), fp16));
      }
    }
    return figures;
  }

  private double fp16Bytes(List<ClipEntry> entries) {
    long bytes = 0;
    for (ClipEntry entry : entries) {
      try (KvBlock block = world.store().block(entry.key()).orElseThrow()) {
        bytes += new Fp16BlockCodec().encodedBytes(block.shape(), block.tokenCount());
      }
    }
    return (double) bytes / entries.size();
  }

  private void copy(ClipEntry entry, RocksMemoryStore to) {
    MemoryStore from = world.store();
    ClipKey key = entry.key();
    try (KvBlock block = from.block(key).orElseThrow()) {
      to.append(
          new Memory(
              key,
              entry.span(),
              entry.startTime(),
              entry.fingerprint(),
              from.tokens(key).orElseThrow(),
              entry.embedding(),
              block.keyMeans(),
              entry.caption(),
              from.thumbnail(key).orElseThrow()),
          block);
    }
  }

  private static List<Figure> figures(
      String name, Map<String, Long> bytes, int clips, double fp16) {
    double blocks = (double) bytes.get("blocks") / clips;
    double beside = (double) (bytes.get("clips") + bytes.get("key_means")) / clips;
    double tokens = (double) bytes.get("tokens") / clips;
    boolean small = name.equals(CodecTrial.SMALL_FORM);
    return List.of(
        figure(name + ", bytes per clip", blocks + beside, fp16, small),
        figure(name + ", of it keys and values", blocks, fp16, false),
        figure(name + ", with visual tokens", blocks + beside + tokens, fp16, false));
  }

  private static Figure figure(String name, double bytes, double fp16, boolean hasGoal) {
    return new Figure(
        CodecBench.NAME,
        name,
        bytes,
        "bytes",
        "fp16 KV",
        fp16,
        bytes / fp16,
        hasGoal ? Optional.of(GOAL) : Optional.empty());
  }
}
