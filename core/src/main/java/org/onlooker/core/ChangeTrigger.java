package org.onlooker.core;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Decides from what is known of a clip anyway whether it is worth asking the model about: the first
 * and cheapest step of the commentary.
 *
 * <p>It fires when the clip's embedding is further from the one before, or more of its tokens are
 * new, than is usual for this stream: above the running median by {@link #DEVIATIONS} times the
 * median absolute deviation, so that a stream in which leaves always move has to change more than
 * one that stands still. It fires as well when the caption reads differently. Drops in the share of
 * redundant tokens as a sign of change are TimeChat-Online's (arXiv 2504.17343, section 3.3).
 */
final class ChangeTrigger {
  private static final int REMEMBERED = 120;
  private static final double DEVIATIONS = 3;
  /** Noise of a picture in which nothing changes. */
  private static final double LEAST_DISTANCE = 0.02;

  private static final double LEAST_KEPT = 0.2;

  private final Deque<Double> distances = new ArrayDeque<>();
  private final Deque<Double> shares = new ArrayDeque<>();
  private Optional<ClipEntry> before = Optional.empty();

  /** Takes in the next clip and says whether it may have changed. */
  boolean fires(Seen seen) {
    ClipEntry clip = seen.clip();
    Optional<ClipEntry> last = before;
    before = Optional.of(clip);
    if (last.isEmpty() || !clip.caption().equals(last.get().caption())) {
      return true;
    }
    if (clip.isRepeat()) {
      return false;
    }
    double distance = 1 - Cosine.of(clip.embedding(), last.get().embedding());
    boolean far = isUnusual(distance, LEAST_DISTANCE, distances);
    return isUnusual(seen.kept(), LEAST_KEPT, shares) || far;
  }

  /** What follows has no connection to what was. */
  void restart() {
    before = Optional.empty();
  }

  private static boolean isUnusual(double value, double least, Deque<Double> usual) {
    double median = median(usual.stream().mapToDouble(x -> x).toArray());
    double deviation =
        median(usual.stream().mapToDouble(x -> Math.abs(x - median)).toArray());
    usual.addLast(value);
    if (usual.size() > REMEMBERED) {
      usual.removeFirst();
    }
    return value > Math.max(least, median + DEVIATIONS * deviation);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values.length == 0 ? 0 : values[values.length / 2];
  }
}
