package org.onlooker.core;

import java.time.Duration;

/** Cards of packs that no test loads. */
final class Cards {
  private Cards() {}

  /** Of a pack whose captions list what is there, where so many clips are a proof. */
  static ModelCard withProof(int clips) {
    return new ModelCard(
        "listing",
        "",
        "pack",
        new KvShape(1, 1, 2),
        Duration.ofSeconds(1),
        2,
        Duration.ofMinutes(100),
        1000,
        8,
        900,
        6,
        2,
        0,
        clips,
        0.2,
        "cpu");
  }
}
