package org.onlooker.retrieval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.HitQueue;

/** Estimated cosines of all vectors of a scope, and how many there are of which height. */
final class Estimates {
  private static final int LEVELS = 1024;
  private static final float HIGHEST = 1.5f; // estimates may exceed one
  private static final float PER_LEVEL = 2 * HIGHEST / LEVELS;

  private final List<SegmentVectors> segments;
  private final List<float[]> estimates = new ArrayList<>();
  private final int[] counts = new int[LEVELS];

  Estimates(List<SegmentVectors> segments) {
    this.segments = segments;
    for (SegmentVectors segment : segments) {
      float[] ofSegment = new float[segment.size()];
      segment.estimate(segment.from(), segment.size(), ofSegment);
      for (float estimate : ofSegment) {
        counts[level(estimate)]++;
      }
      estimates.add(ofSegment);
    }
  }

  private static int level(float estimate) {
    int level = (int) ((estimate + HIGHEST) * (1 / PER_LEVEL));
    return Math.max(0, Math.min(level, LEVELS - 1));
  }

  /** An estimate that {@code count} vectors reach, and few more. */
  double least(int count) {
    int reached = 0;
    int level = LEVELS;
    while (level > 0 && reached < count) {
      level--;
      reached += counts[level];
    }
    return level == 0 ? Double.NEGATIVE_INFINITY : PER_LEVEL * level - HIGHEST;
  }

  /** Compares in full every vector whose estimate is at least {@code from} and below {@code to}. */
  void compare(double from, double to, HitQueue best) throws IOException {
    for (int i = 0; i < segments.size(); i++) {
      SegmentVectors segment = segments.get(i);
      float[] ofSegment = estimates.get(i);
      for (int place = 0; place < ofSegment.length; place++) {
        if (ofSegment[place] >= from && ofSegment[place] < to) {
          segment.compare(segment.from() + place, best);
        }
      }
    }
  }
}
