package org.onlooker.memory;

import java.util.List;

/** The evictions by name. */
public final class Evictions {
  /** What may be asked for. */
  public static final List<String> NAMES = List.of("oldest", "alike", "medoids", "keys");

  private static final long SEED = 1;

  private Evictions() {}

  /** @throws IllegalArgumentException for a name that is not of {@link #NAMES} */
  public static Eviction of(String name) {
    return switch (name) {
      case "oldest" -> new OldestLeave();
      case "alike" -> new AlikeNeighboursLeave();
      case "medoids" -> new MedoidsStay(SEED);
      case "keys" -> new KeysAndValuesStay();
      default ->
        throw new IllegalArgumentException(
            "unknown eviction \"" + name + "\"; there are " + String.join(", ", NAMES));
    };
  }
}
