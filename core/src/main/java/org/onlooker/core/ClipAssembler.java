package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gathers sampled frames into clips on a fixed grid of media time, so that a clip's label is the
 * second it shows. A clip is complete when it holds as many frames as the sampling rate gives, or
 * when a frame of a later cell arrives. Used by one thread.
 */
final class ClipAssembler {
  private final StreamId stream;
  private final long cellMicros;
  private final int framesExpected;
  private final int framesMax;
  private final List<Frame> frames = new ArrayList<>();
  private List<Frame> framesBefore = List.of();
  private long nextSequence;
  private long cell = -1;
  private long lastEmittedCell;

  /**
   * @param fps sampling rate; below one frame per clip the cells grow to hold one
   * @param framesMax most frames in a clip; of more, evenly spaced ones are kept
   * @param after frames before it belong to clips that are already stored, and are left out
   */
  ClipAssembler(
      StreamId stream, Duration clip, double fps, int framesMax, long nextSequence, Pts after) {
    this.stream = stream;
    this.cellMicros = Math.max(clip.toNanos() / 1_000, Math.round(1e6 / fps));
    this.framesExpected = Math.max(1, (int) Math.round(fps * cellMicros / 1e6));
    this.framesMax = framesMax;
    this.nextSequence = nextSequence;
    this.lastEmittedCell = Math.floorDiv(after.micros() - 1, cellMicros);
  }

  /** Takes a frame; gives the clips that it completes, at most two, in order. */
  List<Clip> add(Frame frame) {
    List<Clip> complete = new ArrayList<>(2);
    long frameCell = Math.floorDiv(frame.pts().micros(), cellMicros);
    if (frameCell <= lastEmittedCell) {
      return complete;
    }
    if (frameCell != cell) {
      flush().ifPresent(complete::add);
      cell = frameCell;
    }
    frames.add(frame);
    if (frames.size() == framesExpected) {
      flush().ifPresent(complete::add);
    }
    return complete;
  }

  /**
   * What lies half on the last clip and half on the one in the making, whose key it has; there when
   * the frame that was added last is the middle of its clip, and nothing is missing before it.
   */
  Optional<Clip> between() {
    int half = framesExpected / 2;
    if (half == 0 || frames.size() != half || cell != lastEmittedCell + 1) {
      return Optional.empty();
    }
    int from = Math.max(0, framesBefore.size() - half);
    List<Frame> shown = new ArrayList<>(framesBefore.subList(from, framesBefore.size()));
    shown.addAll(frames);
    Pts middle = new Pts(cell * cellMicros);
    Span span = new Span(middle.plusMicros(-cellMicros / 2), middle.plusMicros(cellMicros / 2));
    return Optional.of(new Clip(
        new ClipKey(stream, nextSequence), span, startTime(span, shown), evenlySpaced(shown)));
  }

  /** The clip in the making, if there is one. */
  Optional<Clip> flush() {
    if (frames.isEmpty()) {
      return Optional.empty();
    }
    Span span = new Span(new Pts(cell * cellMicros), new Pts((cell + 1) * cellMicros));
    framesBefore = List.copyOf(frames);
    lastEmittedCell = cell;
    frames.clear();
    return Optional.of(new Clip(
        new ClipKey(stream, nextSequence++),
        span,
        startTime(span, framesBefore),
        evenlySpaced(framesBefore)));
  }

  private static Instant startTime(Span span, List<Frame> frames) {
    Frame first = frames.getFirst();
    return first.wallTime().minusNanos((first.pts().micros() - span.start().micros()) * 1_000);
  }

  private List<Frame> evenlySpaced(List<Frame> frames) {
    if (frames.size() <= framesMax) {
      return List.copyOf(frames);
    }
    List<Frame> kept = new ArrayList<>(framesMax);
    for (int i = 0; i < framesMax; i++) {
      kept.add(frames.get(i * frames.size() / framesMax));
    }
    return kept;
  }
}
