package org.onlooker.core;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is to be different about a stream from now on; what is absent stays as it is.
 *
 * @param prompt empty for none
 */
public record StreamChange(Optional<String> source, OptionalDouble fps, Optional<String> prompt) {
  /**
   * The stream as it is to be.
   *
   * @throws IllegalArgumentException when it cannot be like that
   */
  public StreamSpec of(StreamSpec spec) {
    return new StreamSpec(
        spec.id(),
        source.orElse(spec.source()),
        fps.orElse(spec.fps()),
        prompt.isPresent() ? prompt.filter(text -> !text.isBlank()) : spec.prompt(),
        spec.pace(),
        spec.loop());
  }
}
