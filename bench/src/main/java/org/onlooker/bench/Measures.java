package org.onlooker.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.onlooker.core.StreamCounters;
import org.onlooker.core.Tier;
import org.onlooker.memory.Fp16BlockCodec;
import org.onlooker.memory.RocksMemoryStore;

/**
 * What watching some streams cost, counted by the product itself, for {@code bench memory}.
 *
 * @param mediaSeconds of all streams together
 * @param frames sampled
 * @param clips remembered, repeats among them
 * @param repeats that showed what the clip before them did
 * @param tokensSeen visual tokens of all clips, had the tower been run for each
 * @param tokensKept of these, remembered
 * @param watchSeconds that passed while it watched
 * @param cpuSeconds of the whole process while it watched
 * @param rssAnonBytes anonymous resident memory once it had watched, as Linux tells; else 0
 * @param fileBytes in table files by column family of the memory, all streams
 * @param fp16Bytes of keys and values of all clips, had none been left out, reduced or rounded
 */
record Measures(
    double mediaSeconds,
    long frames,
    long clips,
    long repeats,
    long tokensSeen,
    long tokensKept,
    double watchSeconds,
    double cpuSeconds,
    long rssAnonBytes,
    Map<String, Long> fileBytes,
    long fp16Bytes) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CLIPS_TRIED = 256;

  static final Measures NONE = new Measures(0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of(), 0);

  /**
   * With one more stream.
   *
   * @param nanos that its watching took
   * @param cpuNanos of the whole process meanwhile
   */
  Measures and(double seconds, StreamCounters.Reading counters, long nanos, long cpuNanos)
      throws IOException {
    return new Measures(
        mediaSeconds + seconds,
        frames + counters.framesSampled(),
        clips + counters.clipsStored(),
        repeats + counters.clipsRepeated(),
        tokensSeen + counters.tokensSeen(),
        tokensKept + counters.tokensKept(),
        watchSeconds + nanos / 1e9,
        cpuSeconds + cpuNanos / 1e9,
        rssAnon(),
        fileBytes,
        fp16Bytes);
  }

  /** With what lies in a memory of these streams, closed and opened again. */
  Measures of(RocksMemoryStore store) {
    return new Measures(
        mediaSeconds,
        frames,
        clips,
        repeats,
        tokensSeen,
        tokensKept,
        watchSeconds,
        cpuSeconds,
        rssAnonBytes,
        new TreeMap<>(store.tableBytes()),
        clips * fp16BytesOfClip(store));
  }

  /** Of a clip with all its visual tokens and its labels; 0 where no clip has a block. */
  private long fp16BytesOfClip(RocksMemoryStore store) {
    long tokensOfClip = tokensSeen / Math.max(1, clips);
    return store.remembered().stream()
        .flatMap(stream -> store.entriesFrom(stream, 0, CLIPS_TRIED).stream())
        .flatMap(clip -> store.block(clip.key()).stream().map(block -> {
          try (block) {
            int visual = store.tokens(clip.key()).orElseThrow().tokenCount();
            int labels = block.tokenCount() - visual;
            return new Fp16BlockCodec()
                .encodedBytes(block.shape(), Math.toIntExact(tokensOfClip + labels));
          }
        }))
        .findFirst()
        .orElse(0L);
  }

  double tokensKeptShare() {
    return tokensKept / (double) Math.max(1, tokensSeen);
  }

  double clipsKeptShare() {
    return 1 - repeats / (double) Math.max(1, clips);
  }

  /** Of what is kept of clips beside their thumbnails. */
  double memoryBytesPerHour() {
    return bytesPerHour(List.of("blocks", "tokens", "key_means", "clips"));
  }

  /** Of what {@link Tier#BLOCK} keeps beyond lower tiers. */
  double blockBytesPerHour() {
    return bytesPerHour(List.of("blocks", "key_means"));
  }

  /** Of what {@link Tier#TOKENS} keeps beyond {@link Tier#CAPTION}. */
  double tokenBytesPerHour() {
    return bytesPerHour(List.of("tokens"));
  }

  /** Of what every tier keeps, thumbnails apart. */
  double entryBytesPerHour() {
    return bytesPerHour(List.of("clips"));
  }

  double fp16BytesPerHour() {
    return fp16Bytes / mediaSeconds * 3600;
  }

  double thumbnailBytesPerHour() {
    return bytesPerHour(List.of("thumbnails"));
  }

  private double bytesPerHour(List<String> families) {
    long bytes = families.stream()
        .mapToLong(family -> fileBytes.getOrDefault(family, 0L))
        .sum();
    return bytes / mediaSeconds * 3600;
  }

  /** Anonymous resident bytes of this process; 0 where the system does not tell. */
  static long rssAnon() throws IOException {
    return rssAnon("self");
  }

  /** Of a process, by its id. */
  static long rssAnon(String process) throws IOException {
    Path status = Path.of("/proc", process, "status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("RssAnon:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  static long processCpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  void write(Path file) throws IOException {
    JSON.writeValue(file.toFile(), this);
  }

  static Measures read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), Measures.class);
  }
}
