package org.onlooker.core;

import java.util.concurrent.atomic.LongAdder;

/** Counts of one stream since the process started. */
public final class StreamCounters {
  final LongAdder framesSampled = new LongAdder();
  final LongAdder framesDropped = new LongAdder();
  final LongAdder clipsStored = new LongAdder();
  final LongAdder clipsRepeated = new LongAdder();
  final LongAdder clipsFailed = new LongAdder();
  final LongAdder tokensSeen = new LongAdder();
  final LongAdder tokensKept = new LongAdder();
  final LongAdder reconnects = new LongAdder();
  final LongAdder remarks = new LongAdder();
  final LongAdder clipsUnheard = new LongAdder();
  final LongAdder encodeNanos = new LongAdder();
  final LongAdder prefillNanos = new LongAdder();
  final LongAdder captionNanos = new LongAdder();
  final LongAdder storeNanos = new LongAdder();
  final LongAdder slotWaitNanos = new LongAdder();
  volatile long lagNanos;
  volatile long commentaryLagNanos;

  /**
   * The counts at one moment.
   *
   * @param framesSampled kept by the sampler
   * @param framesDropped of these, lost because the watching was behind
   * @param clipsStored remembered, repeats among them
   * @param clipsRepeated that showed what the clip before them did
   * @param tokensSeen visual tokens of all clips, had the tower been run for each
   * @param tokensKept of these, prefilled and remembered
   * @param encodeNanos time in the vision tower, and so on for the other stages
   * @param slotWaitNanos time that clips stood in line for the model
   * @param lagNanos how long the newest clip had been complete when the model had time for it; 0
   *     for a recording
   * @param remarks said
   * @param clipsUnheard that the commentary left out because it was behind, or failed at
   * @param commentaryLagNanos from when the clip that made it speak last was complete to its first
   *     word; 0 for a recording
   */
  public record Reading(
      long framesSampled,
      long framesDropped,
      long clipsStored,
      long clipsRepeated,
      long clipsFailed,
      long tokensSeen,
      long tokensKept,
      long reconnects,
      long encodeNanos,
      long prefillNanos,
      long captionNanos,
      long storeNanos,
      long slotWaitNanos,
      long lagNanos,
      long remarks,
      long clipsUnheard,
      long commentaryLagNanos) {}

  public Reading read() {
    return new Reading(
        framesSampled.sum(),
        framesDropped.sum(),
        clipsStored.sum(),
        clipsRepeated.sum(),
        clipsFailed.sum(),
        tokensSeen.sum(),
        tokensKept.sum(),
        reconnects.sum(),
        encodeNanos.sum(),
        prefillNanos.sum(),
        captionNanos.sum(),
        storeNanos.sum(),
        slotWaitNanos.sum(),
        lagNanos,
        remarks.sum(),
        clipsUnheard.sum(),
        commentaryLagNanos);
  }
}
