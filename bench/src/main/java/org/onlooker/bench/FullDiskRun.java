package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.onlooker.testing.SmallDisk;

/**
 * Another program fills the disk of the data folder while streams are watched; the product is asked
 * all the time, killed while the disk is full, refused a start, started again with room, and filled
 * up and freed once more.
 */
final class FullDiskRun {
  private static final int DISK_MEBIBYTES = 400; // native libraries take a third
  private static final int ASKED = 20;
  private static final long WATCHED_MICROS = 5_000_000;
  private static final long POLL_NANOS = 50_000_000;
  private static final int REFUSED_LOW_DISK = 6;
  private static final String DISK_LOW = "memory_disk_low";

  /**
   * What was seen.
   *
   * @param acknowledged clips
   * @param asked questions while the disk was full
   * @param rememberedAgainMillis from the room to the first new clip of every stream
   * @param recordedAgainMillis from the room to the recording of the first stream
   */
  record Outcome(
      long acknowledged,
      long lost,
      int asked,
      int answered,
      double rememberedAgainMillis,
      double recordedAgainMillis) {}

  private final Path root;
  private final Path folder;
  private final List<String> streams;
  private final Acknowledged acknowledged = new Acknowledged();
  private int answered;

  /** @param folder with {@code onlooker.yml}, which names the streams */
  FullDiskRun(Path root, Path folder, List<String> streams) {
    this.root = root;
    this.folder = folder;
    this.streams = streams;
  }

  /** Mounts a small file system; see {@link SmallDisk#missing} for whether that can be done. */
  Outcome run() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), DISK_MEBIBYTES)) {
      fillAndKill(disk);
      refusedStart(disk);
      return fillAndFree(disk);
    }
  }

  private void fillAndKill(SmallDisk disk) throws IOException {
    try (ProductRun product = start()) {
      fill(product, disk);
      product.kill();
    }
  }

  private void refusedStart(SmallDisk disk) throws IOException {
    try (ProductRun product = start()) {
      boolean started = product.awaitReady();
      if (started || product.exit() != REFUSED_LOW_DISK) {
        throw new IOException("a start on a full disk is not refused: " + product.said());
      }
    }
    disk.makeRoom();
  }

  private Outcome fillAndFree(SmallDisk disk) throws IOException {
    double remembered;
    double recorded;
    try (ProductRun product = start()) {
      fill(product, disk);
      disk.makeRoom();
      double start = product.millisSinceStart();
      await(product, status -> !status.has("errorCode") && through(status) > known(status));
      remembered = product.millisSinceStart() - start;
      await(product, status -> status.path("recording").path("state").asText().equals("recording"));
      recorded = product.millisSinceStart() - start;
      product.kill();
    }
    StoredMemory memory = StoredMemory.read(data().resolve("memory"), data().resolve("native"));
    long lost = memory.lost(acknowledged, streams) + memory.torn() + memory.damaged();
    long known = streams.stream().mapToLong(s -> acknowledged.ends(s).size()).sum();
    return new Outcome(known, lost, 2 * ASKED, answered, remembered, recorded);
  }

  /** Watches a little, fills the disk, and asks while nothing is remembered. */
  private void fill(ProductRun product, SmallDisk disk) throws IOException {
    if (!product.awaitReady()) {
      throw new IOException("it does not start: " + product.said());
    }
    await(product, status -> {
      boolean isWatched = through(status) >= known(status) + WATCHED_MICROS;
      return isWatched && acknowledged.stored(status.path("id").asText(), through(status));
    });
    disk.fill(0);
    await(product, status -> status.path("errorCode").asText().equals(DISK_LOW));
    await(product, status -> !status.path("recording").path("state").asText().equals("recording"));
    for (int i = 0; i < ASKED; i++) {
      String stream = streams.get(i % streams.size());
      answered += product.ask(stream, "What can you see now?").isPresent() ? 1 : 0;
      LockSupport.parkNanos(10 * POLL_NANOS);
    }
    await(product, status -> {
      acknowledged.stored(status.path("id").asText(), through(status));
      return status.path("errorCode").asText().equals(DISK_LOW);
    });
  }

  private static long through(JsonNode status) {
    return Acknowledged.micros(status.path("storedThrough"));
  }

  private long known(JsonNode status) {
    return acknowledged.through(status.path("id").asText());
  }

  /** Waits until the state of every stream is as expected. */
  private void await(ProductRun product, Predicate<JsonNode> expected) throws IOException {
    for (String stream : streams) {
      long start = System.nanoTime();
      while (!product.get("/api/v1/streams/" + stream).filter(expected).isPresent()) {
        if (System.nanoTime() - start > ProductRun.PATIENCE.toNanos()) {
          throw new IOException("stream " + stream + " does not get where it should: "
              + product.get("/api/v1/streams/" + stream));
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
  }

  private ProductRun start() throws IOException {
    return ProductRun.start(root, data(), folder.resolve("onlooker.yml"));
  }

  private Path data() {
    return folder.resolve("disk").resolve("data");
  }
}
