package org.onlooker.core;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What a stream is doing, since when and why; written by its threads, read by anyone. */
final class StreamHealth {
  /** One consistent view. */
  record View(
      StreamState state, Instant since, Optional<SourceError> error, Optional<String> reason) {}

  private final InstantSource clock;
  private volatile View view;
  private Optional<String> untoldTrouble = Optional.empty();

  StreamHealth(InstantSource clock) {
    this.clock = clock;
    this.view =
        new View(StreamState.INITIALISING, clock.instant(), Optional.empty(), Optional.empty());
  }

  View view() {
    return view;
  }

  void enter(StreamState state) {
    change(state, Optional.empty(), Optional.empty());
  }

  void enter(StreamState state, SourceException cause) {
    change(state, Optional.of(cause.error()), Optional.ofNullable(cause.getMessage()));
  }

  /** The last trouble since this was asked before; it explains a gap. */
  synchronized Optional<String> takeTrouble() {
    Optional<String> trouble = untoldTrouble;
    untoldTrouble = Optional.empty();
    return trouble;
  }

  private synchronized void change(
      StreamState state, Optional<SourceError> error, Optional<String> reason) {
    Instant since = view.state() == state ? view.since() : clock.instant();
    view = new View(state, since, error, reason);
    if (reason.isPresent()) {
      untoldTrouble = reason;
    }
  }
}
