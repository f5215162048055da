package org.onlooker.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Clips that a decoder's own queries find, for each layer on its own: those whose mean raw key is
 * nearest to the question's mean query (ReKV, arXiv 2503.00540, section 3.3). Every clip of the
 * scope is looked at, so that the cost grows with it.
 *
 * <p>The published code takes the product as it is, the paper speaks of the cosine; {@link
 * Nearness} has both.
 */
public final class InternalRecall {
  /** How near a query is to a key mean. */
  public enum Nearness {
    PRODUCT,
    COSINE;

    private double of(float[] query, float[] key) {
      double dot = 0;
      double squares = 0;
      for (int i = 0; i < query.length; i++) {
        dot += (double) query[i] * key[i];
        squares += (double) key[i] * key[i];
      }
      return this == PRODUCT || squares == 0 ? dot : dot / Math.sqrt(squares);
    }
  }

  /** @param nearness of the same layer's query, comparable within a layer only */
  private record Found(long sequence, double nearness) {}

  private final float[][] queries;
  private final Nearness nearness;
  private final int limit;
  private final List<PriorityQueue<Found>> nearest = new ArrayList<>();

  /**
   * @param queries as {@link LanguageModel#queries}
   * @param limit clips of each layer
   */
  public InternalRecall(float[][] queries, Nearness nearness, int limit) {
    this.queries = queries;
    this.nearness = nearness;
    this.limit = limit;
    for (int layer = 0; layer < queries.length; layer++) {
      nearest.add(new PriorityQueue<>(Comparator.comparingDouble(Found::nearness)));
    }
  }

  /** Looks at one clip, which is kept in the layers where it is among the nearest so far. */
  public void add(long sequence, float[][] keyMeans) {
    for (int layer = 0; layer < queries.length; layer++) {
      PriorityQueue<Found> best = nearest.get(layer);
      best.add(new Found(sequence, nearness.of(queries[layer], keyMeans[layer])));
      if (best.size() > limit) {
        best.remove();
      }
    }
  }

  /** The layers that each clip was found in, by sequence. */
  public TreeMap<Long, Layers> found() {
    TreeMap<Long, Layers> clips = new TreeMap<>();
    for (int layer = 0; layer < queries.length; layer++) {
      for (Found clip : nearest.get(layer)) {
        clips.put(
            clip.sequence(), clips.getOrDefault(clip.sequence(), Layers.NONE).with(layer));
      }
    }
    return clips;
  }
}
