package org.onlooker.core;

/** How fast a recording is read; a live source always comes at its own pace. */
public enum Pace {
  /** As its timestamps say, like a live source. */
  REALTIME,
  /** As fast as the watching can follow; every sampled frame is kept. */
  FAST
}
