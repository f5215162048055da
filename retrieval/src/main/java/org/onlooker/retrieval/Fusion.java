package org.onlooker.retrieval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Recalled;

/**
 * Constants and names that both indexes share, and reciprocal rank fusion over lists in heap
 * (Cormack, Clarke and Buettcher, SIGIR 2009).
 */
final class Fusion {
  /** Dampens the weight of the first ranks; 60 as in the paper. */
  static final int RANK_CONSTANT = 60;

  /** Matches taken of each signal before they are fused and thinned. */
  static final int CANDIDATES = 256;

  static final String EMBEDDING = "embedding";
  static final String CAPTION = "caption";

  private Fusion() {}

  /** What a rank, from 1, adds to a score. */
  static double share(int rank) {
    return 1.0 / (RANK_CONSTANT + rank);
  }

  /**
   * Cosine from which a match by embedding counts as proof on its own: half-way from the floor to
   * the best match. Near the floor, chance matches outnumber true ones.
   */
  static double proofCosine(double floor, double best) {
    return (floor + best) / 2;
  }

  /** Fuses lists of matches, each best first. */
  static List<Recalled> fuse(List<List<Recalled>> lists) {
    Map<ClipKey, Recalled> fused = new LinkedHashMap<>();
    for (List<Recalled> list : lists) {
      for (int i = 0; i < list.size(); i++) {
        Recalled clip = list.get(i);
        Recalled ranked = new Recalled(clip.key(), clip.span(), share(i + 1), clip.signals());
        fused.merge(clip.key(), ranked, Fusion::sum);
      }
    }
    return new ArrayList<>(fused.values());
  }

  private static Recalled sum(Recalled one, Recalled other) {
    Map<String, Double> signals = new HashMap<>(one.signals());
    signals.putAll(other.signals());
    return new Recalled(one.key(), one.span(), one.score() + other.score(), signals);
  }
}
