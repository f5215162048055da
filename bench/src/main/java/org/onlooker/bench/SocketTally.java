package org.onlooker.bench;

import java.util.ArrayList;
import java.util.List;

/** What came of questions over WebSockets, and how late players were told of pictures. */
final class SocketTally {
  private final Percentiles firstTokens = new Percentiles();
  private final Percentiles delays = new Percentiles();
  private final List<String> faults = new ArrayList<>();
  private int answered;
  private int refused;
  private int lost;
  private int cuts;
  private int torn;

  synchronized void answered(double firstTokenMillis) {
    answered++;
    firstTokens.add(firstTokenMillis);
  }

  /** Refused, or ended otherwise, with a reason. */
  synchronized void refused() {
    refused++;
  }

  /** No answer and no reason came. */
  synchronized void lost(String fault) {
    lost++;
    faults.add(fault);
  }

  synchronized void cut() {
    cuts++;
  }

  /** The streamed text was not the answer's. */
  synchronized void torn(String fault) {
    torn++;
    faults.add(fault);
  }

  synchronized void delay(double millis) {
    delays.add(millis);
  }

  /** Numbers of one stretch of time; milliseconds are 0 where there is nothing to tell of. */
  record Counts(
      int answered,
      int refused,
      int lost,
      int cuts,
      int torn,
      double firstP50,
      double firstP95,
      double delayP50,
      double delayP95) {
    int asked() {
      return answered + refused + lost;
    }

    Counts and(Counts other) {
      return new Counts(
          answered + other.answered,
          refused + other.refused,
          lost + other.lost,
          cuts + other.cuts,
          torn + other.torn,
          firstP50,
          firstP95,
          delayP50,
          delayP95);
    }
  }

  synchronized Counts counts() {
    return new Counts(
        answered,
        refused,
        lost,
        cuts,
        torn,
        at(firstTokens, 0.5),
        at(firstTokens, 0.95),
        at(delays, 0.5),
        at(delays, 0.95));
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  private static double at(Percentiles percentiles, double share) {
    return percentiles.isEmpty() ? 0 : percentiles.at(share);
  }
}
