package org.onlooker.core;

import java.util.Locale;
import java.util.Optional;

/**
 * How the recording of a stream's encoded media goes.
 *
 * @param reason for people, unless it goes well
 * @param packetsDropped since the process started: lost because the disk was behind or failed
 */
public record Recording(State state, Optional<String> reason, long packetsDropped) {
  /** What becomes of the packets. */
  public enum State {
    /** Nothing is to be recorded. */
    OFF,
    /** The next keyframe begins a segment. */
    WAITING,
    RECORDING,
    /** Nothing is recorded until the cause is gone; the reason names it. */
    STOPPED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Recording off(String reason) {
    return new Recording(State.OFF, Optional.of(reason), 0);
  }
}
