package org.onlooker.core;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What a stream is doing, since when and why; written by its threads, read by anyone. */
final class StreamHealth {
  /** One consistent view. */
  record View(
      StreamState state, Instant since, Optional<String> errorCode, Optional<String> reason) {}

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
    change(state, Optional.of(cause.error().code()), Optional.ofNullable(cause.getMessage()));
  }

  /** The source is well but what it shows is not remembered. */
  synchronized void notRemembering(String errorCode, String why) {
    change(view.state(), Optional.of(errorCode), Optional.of(why));
  }

  /** What it shows is remembered again. */
  synchronized void remembering() {
    if (view.state() == StreamState.RUNNING && view.reason().isPresent()) {
      change(StreamState.RUNNING, Optional.empty(), Optional.empty());
    }
  }

  /** Explains a gap that may come. */
  synchronized void wasAway(String why) {
    untoldTrouble = Optional.of(why);
  }

  /** The last trouble since this was asked before; it explains a gap. */
  synchronized Optional<String> takeTrouble() {
    Optional<String> trouble = untoldTrouble;
    untoldTrouble = Optional.empty();
    return trouble;
  }

  private synchronized void change(
      StreamState state, Optional<String> errorCode, Optional<String> reason) {
    Instant since = view.state() == state ? view.since() : clock.instant();
    view = new View(state, since, errorCode, reason);
    if (reason.isPresent()) {
      untoldTrouble = reason;
    }
  }
}
