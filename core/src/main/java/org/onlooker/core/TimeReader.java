package org.onlooker.core;

import java.time.Instant;
import java.time.ZoneId;

/** Resolves the time expressions of a question. */
@FunctionalInterface
public interface TimeReader {
  /**
   * Finds the expressions and resolves them.
   *
   * @param now media time at which the question is asked
   * @param startTime wall time of media time 0
   * @param live whether people are told times of day; of a recording they are told positions
   */
  TimedQuestion read(String question, Pts now, Instant startTime, boolean live, ZoneId zone);
}
