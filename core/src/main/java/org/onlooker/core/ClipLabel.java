package org.onlooker.core;

import java.time.Duration;

/**
 * The name of a clip's time that the model reads and writes: whole seconds of media time, modulo
 * the period its pack was trained with.
 */
public record ClipLabel(int seconds) {
  public static ClipLabel of(Pts pts, Duration period) {
    return new ClipLabel((int) (pts.micros() / 1_000_000 % period.toSeconds()));
  }

  public int minutePart() {
    return seconds / 60;
  }

  public int secondPart() {
    return seconds % 60;
  }
}
