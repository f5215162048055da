package org.onlooker.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.onlooker.app.config.Config;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Tiers;
import org.onlooker.memory.BlockCodec;
import org.onlooker.memory.CalibratedBlockCodec;
import org.onlooker.memory.Evictions;
import org.onlooker.memory.HeapMemoryStore;
import org.onlooker.memory.Int8BlockCodec;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;
import org.onlooker.onnx.ModelPack;
import org.onlooker.retrieval.ExactMemoryIndex;
import org.onlooker.retrieval.LuceneMemoryIndex;

/**
 * Where the product keeps what it has seen: on disk, or, of each stream so many clips, for as long
 * as the process runs.
 *
 * <p>Life cycle: 1. {@link #open}, which locks the folder; 2. {@link #openIndex} once the model is
 * known; both parts are closed by whoever asked for them.
 */
final class Storage {
  private final Config config;
  private final MemoryStore store;
  private volatile Optional<MemoryIndex> index = Optional.empty();

  private Storage(Config config, ModelPack pack, Path natives) throws IOException {
    this.config = config;
    this.store = config.memory().isOnDisk() ? onDisk(config, pack, natives) : inMemory(pack);
  }

  static Storage open(Config config, ModelPack pack, Path natives) throws IOException {
    return new Storage(config, pack, natives);
  }

  private static MemoryStore onDisk(Config config, ModelPack pack, Path natives)
      throws IOException {
    long floor = config.memory().freeSpaceFloorMegabytes();
    FreeSpace.require(config.data(), floor);
    RocksOptions options = RocksOptions.defaults()
        .withCodec(codec(pack))
        .withSync(config.memory().sync())
        .withFreeBytesMin(FreeSpace.bytes(floor));
    return RocksMemoryStore.open(config.data().resolve("memory"), natives, options);
  }

  private MemoryStore inMemory(ModelPack pack) {
    var eviction = Evictions.of(config.memory().eviction());
    var bounds = new HeapMemoryStore.Bounds(config.memory().clips(), eviction, codec(pack));
    return new HeapMemoryStore(bounds, this::forget);
  }

  /** What has left the memory cannot be recalled either. */
  private void forget(ClipEntry clip) {
    index.ifPresent(found -> found.remove(clip.key().stream(), clip.span()));
  }

  /** Four bits a number where the pack was calibrated; else eight, with scales of each block. */
  private static BlockCodec codec(ModelPack pack) {
    return Optional.ofNullable(pack.kvScales().get("int4"))
        .<BlockCodec>map(CalibratedBlockCodec::new)
        .orElseGet(Int8BlockCodec::new);
  }

  MemoryStore store() {
    return store;
  }

  /** @param fingerprint of the pack that watches */
  MemoryIndex openIndex(String fingerprint) throws IOException {
    MemoryIndex opened = config.memory().isOnDisk()
        ? LuceneMemoryIndex.open(config.data().resolve("index"), fingerprint)
        : new ExactMemoryIndex(fingerprint);
    index = Optional.of(opened);
    return opened;
  }

  /** Without a disk clips leave whole, at once. */
  Tiers tiers() {
    return config.memory().isOnDisk() ? config.memory().tiers() : Tiers.BLOCKS_ONLY;
  }

  boolean records() {
    return config.memory().isOnDisk() && config.recording().enabled();
  }
}
