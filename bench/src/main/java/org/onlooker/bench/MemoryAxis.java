package org.onlooker.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.onlooker.memory.Evictions;

/** One thing that {@code bench memory} changes while all else stays as it is by default. */
enum MemoryAxis {
  REDUCER(List.of(
      Variant.of("off", "memory.reducers", "off"),
      Variant.of("unchanged", "memory.reducers", "unchanged"),
      Variant.of("alike", "memory.reducers", "alike"),
      Variant.of("differential", "memory.reducers", "differential"),
      Variant.of("novelty", "memory.reducers", "novelty"))),
  TIER(List.of(
      Variant.of("tokens after 1 min", "memory.blockMinutes", "1"),
      Variant.of("blocks for ever", "memory.blockMinutes", "10000000"))),
  EVICTION(Evictions.NAMES.stream().map(Variant::withoutDisk).toList()),
  POLICY(List.of());

  /**
   * One setting of an axis.
   *
   * @param settings by configuration key
   */
  record Variant(String name, Map<String, String> settings) {
    /** As the product comes. */
    static final Variant DEFAULT = new Variant("default", Map.of());

    /** So few clips that most of half an hour leave. */
    private static Variant withoutDisk(String eviction) {
      return new Variant(
          eviction + ", 256 clips", Map.of("memory.clips", "256", "memory.eviction", eviction));
    }

    private static Variant of(String name, String key, String value) {
      return new Variant(name, Map.of(key, value));
    }
  }

  private final List<Variant> variants;

  MemoryAxis(List<Variant> variants) {
    this.variants = variants;
  }

  /** Besides the default. */
  List<Variant> variants() {
    return variants;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
