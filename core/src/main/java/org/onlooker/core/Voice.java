package org.onlooker.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds words for what changed in one stream. Used by one thread. */
interface Voice {
  /** Takes words while they are found. */
  interface Mouth {
    void say(String delta);

    /** Asked between tokens; may wait for those who go first. */
    boolean isStopped();
  }

  /**
   * What it is told of a clip.
   *
   * @param clips it and those before it that it can be read with, as the model takes them; may be
   *     empty where their blocks are gone
   * @param maySpeak whether the last word is long enough ago; else it remembers what it owes
   */
  record Hearing(Seen seen, List<ContextItem> clips, boolean maySpeak) {}

  /** Media time between two remarks. */
  Duration refractory();

  /** Whether it wants to hear of what is between two clips as well. */
  boolean looksBetween();

  /** Whether it waits for the next clip to be sure of something. */
  boolean isInDoubt();

  /**
   * Looks at a clip that may have changed, and says what is new.
   *
   * @return the stretch that it was about; empty when nothing was said
   */
  Optional<Span> hear(Hearing hearing, Mouth mouth);

  /** What the clip that was heard last shows, in words that the gate can hold against the next. */
  String holds();

  /** Says how it stands where nothing has changed for so long. */
  void sumUp(Hearing hearing, Duration quiet, Mouth mouth);

  /** What follows has no connection to what was: there was a gap. */
  void restart();
}
