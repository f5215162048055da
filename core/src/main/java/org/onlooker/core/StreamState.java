package org.onlooker.core;

import java.util.Locale;

/** What a stream is doing; names follow the field's practice. */
public enum StreamState {
  INITIALISING,
  RUNNING,
  /** The source is away; it is being reopened. */
  RESTARTING,
  /** A recording was read to its end. */
  ENDED,
  /** Nothing will happen until the user changes something; the reason says what. */
  ERROR,
  TERMINATING;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
