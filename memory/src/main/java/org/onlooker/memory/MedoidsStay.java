package org.onlooker.memory;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Clips are clustered by what they look like, and of each cluster the clip nearest to its centre
 * stays, with the weight of all (the temporal memory of Flash-VStream, arXiv 2406.08085, section
 * 3.2: weighted k-means, at most 10 rounds, tolerance 1e-4, an empty cluster begins anew at a clip
 * drawn at random). Centres themselves are no pictures a decoder has ever seen, so that real clips
 * stand for them. The newest quarter stays as it is. A quarter of all leave together, because
 * clustering costs the same for one. Not as published: a long memory is clustered by stretches of
 * {@link #STRETCH_CLIPS}, so that the cost grows with its length and not with the square of it, and
 * what looks alike hours apart keeps a clip in each.
 */
final class MedoidsStay implements Eviction {
  private static final int ROUNDS_MAX = 10;
  private static final double TOLERANCE = 1e-4;
  private static final int STRETCH_CLIPS = 128;

  private final long seed;

  MedoidsStay(long seed) {
    this.seed = seed;
  }

  @Override
  public int clipsLeft(int clipsMax) {
    return Math.max(1, clipsMax - clipsMax / 4);
  }

  @Override
  public Map<Long, Long> choose(List<Candidate> clips, int left) {
    int recent = Eviction.recent(left);
    int split = clips.size() - recent;
    Map<Long, Long> stay = new LinkedHashMap<>();
    int stretches = Math.ceilDiv(split, STRETCH_CLIPS);
    for (int i = 0; i < stretches; i++) {
      List<Candidate> stretch =
          clips.subList(part(split, i, stretches), part(split, i + 1, stretches));
      int centres = part(left - recent, i + 1, stretches) - part(left - recent, i, stretches);
      if (centres > 0) {
        stay.putAll(new Clusters(stretch, centres, new Random(seed)).medoids());
      }
    }
    clips.subList(split, clips.size()).forEach(clip -> stay.put(clip.sequence(), clip.weight()));
    return stay;
  }

  /** Where part {@code i} of {@code parts} begins. */
  private static int part(int whole, int i, int parts) {
    return (int) ((long) whole * i / parts);
  }

  /** Weighted k-means over the features of at least {@code centres} clips. */
  private static final class Clusters {
    private final List<Candidate> clips;
    private final RandomGenerator random;
    private final float[][] centres;
    private final double[] squares; // of the centres' lengths
    private final int[] clusters;

    Clusters(List<Candidate> clips, int count, RandomGenerator random) {
      this.clips = clips;
      this.random = random;
      this.clusters = new int[clips.size()];
      this.centres = new float[count][];
      this.squares = new double[count];
      int[] order = IntStream.range(0, clips.size()).toArray();
      for (int i = 0; i < count; i++) { // the first steps of a shuffle: all different
        int other = i + random.nextInt(order.length - i);
        int drawn = order[other];
        order[other] = order[i];
        centres[i] = clips.get(drawn).feature().clone();
      }
      boolean moved = true;
      for (int round = 0; round < ROUNDS_MAX && moved; round++) {
        assign();
        moved = move() > TOLERANCE;
      }
      assign();
    }

    private void assign() {
      for (int i = 0; i < centres.length; i++) {
        squares[i] = Features.dot(centres[i], centres[i]);
      }
      for (int i = 0; i < clusters.length; i++) {
        clusters[i] = nearest(clips.get(i).feature());
      }
    }

    private int nearest(float[] feature) {
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < centres.length; i++) {
        double distance = distance(feature, i);
        if (distance < least) {
          least = distance;
          best = i;
        }
      }
      return best;
    }

    /** Features have unit length, centres need not. */
    private double distance(float[] feature, int cluster) {
      return squares[cluster] - 2 * Features.dot(feature, centres[cluster]);
    }

    /** Puts each centre into the middle of its clips; returns how far the centres went in all. */
    private double move() {
      double[] weights = new double[centres.length];
      float[][] sums = new float[centres.length][];
      for (int i = 0; i < clusters.length; i++) {
        Candidate clip = clips.get(i);
        int cluster = clusters[i];
        weights[cluster] += clip.weight();
        sums[cluster] = sums[cluster] == null ? new float[clip.feature().length] : sums[cluster];
        for (int d = 0; d < sums[cluster].length && d < clip.feature().length; d++) {
          sums[cluster][d] += clip.feature()[d] * clip.weight();
        }
      }
      double moved = 0;
      for (int i = 0; i < centres.length; i++) {
        float[] middle =
            sums[i] == null ? clips.get(random.nextInt(clips.size())).feature().clone() : sums[i];
        for (int d = 0; d < middle.length && sums[i] != null; d++) {
          middle[d] /= (float) weights[i];
        }
        moved += Math.max(
            0,
            Features.dot(middle, middle)
                + Features.dot(centres[i], centres[i])
                - 2 * Features.dot(middle, centres[i]));
        centres[i] = middle;
      }
      return moved;
    }

    /** Of each cluster that has clips, the one nearest to its centre, with the weight of all. */
    Map<Long, Long> medoids() {
      int[] medoids = new int[centres.length];
      double[] distances = new double[centres.length];
      long[] weights = new long[centres.length];
      Arrays.fill(distances, Double.POSITIVE_INFINITY);
      for (int i = 0; i < clusters.length; i++) {
        int cluster = clusters[i];
        double distance = distance(clips.get(i).feature(), cluster);
        weights[cluster] += clips.get(i).weight();
        if (distance < distances[cluster]) {
          distances[cluster] = distance;
          medoids[cluster] = i;
        }
      }
      Map<Long, Long> stay = new LinkedHashMap<>();
      for (int i = 0; i < centres.length; i++) {
        if (weights[i] > 0) {
          stay.put(clips.get(medoids[i]).sequence(), weights[i]);
        }
      }
      return stay;
    }
  }
}
