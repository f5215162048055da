package org.onlooker.retrieval;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.search.DocIdSetIterator;

/**
 * The vectors of a segment in one bit per dimension, kept in memory: enough to tell at a few
 * nanoseconds a clip which vectors may be near a question and have to be compared in full.
 *
 * <p>Of a vector less the segment's mean, and {@link Rotation turned}, the signs are kept and one
 * number with which they estimate a dot product without bias: RaBitQ (Gao and Long, SIGMOD 2024,
 * arXiv 2405.12497, section 3). Its error shrinks with the root of the dimensions, see {@link
 * #errorMax}. The question is not reduced to signs but to {@link #BITS} bits per dimension.
 */
final class Sketches {
  private static final int BITS = 4;
  private static final int LEVEL_MAX = (1 << BITS - 1) - 1;
  private static final int MEAN_OF = 1024;
  private static final int BLOCK = 1024;

  /** Standard deviations of the estimate that are allowed for. */
  private static final double DEVIATIONS = 2.7;

  private final String field;
  private final Rotation rotation;
  private final int words;
  private final float[] mean;
  private final int[] docs;
  private final long[][] signs; // by word of 64 dimensions, then by vector
  private final float[] scales;

  /** @param field of vectors, which the segment has */
  Sketches(LeafReader segment, String field) throws IOException {
    this.field = field;
    FloatVectorValues vectors = segment.getFloatVectorValues(field);
    rotation = new Rotation(vectors.dimension());
    words = rotation.dimensions() / Long.SIZE;
    mean = mean(vectors);
    docs = new int[vectors.size()];
    signs = new long[words][vectors.size()];
    scales = new float[vectors.size()];
    KnnVectorValues.DocIndexIterator each = vectors.iterator();
    while (each.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      docs[each.index()] = each.docID();
      sketch(each.index(), rotation.turned(lessMean(vectors.vectorValue(each.index()))));
    }
  }

  private static float[] mean(FloatVectorValues vectors) throws IOException {
    float[] mean = new float[vectors.dimension()];
    int count = Math.min(MEAN_OF, vectors.size());
    for (int i = 0; i < count; i++) {
      float[] vector = vectors.vectorValue((int) ((long) i * vectors.size() / count));
      for (int j = 0; j < mean.length; j++) {
        mean[j] += vector[j] / count;
      }
    }
    return mean;
  }

  private float[] lessMean(float[] vector) {
    float[] rest = new float[vector.length];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = vector[i] - mean[i];
    }
    return rest;
  }

  private void sketch(int index, float[] turned) {
    float square = 0;
    float sum = 0;
    for (int i = 0; i < turned.length; i++) {
      square += turned[i] * turned[i];
      sum += Math.abs(turned[i]);
      if (turned[i] > 0) {
        signs[i / Long.SIZE][index] |= 1L << i;
      }
    }
    scales[index] = sum == 0 ? 0 : square / sum;
  }

  /** By how much an estimate may be wrong; more is rare (one in three hundred). */
  double errorMax() {
    // of unit vectors the signs of a turned one keep a share a = 0.8, so sqrt(1 - a^2) / a = 0.75
    return DEVIATIONS * 0.75 / Math.sqrt(rotation.dimensions());
  }

  String field() {
    return field;
  }

  int doc(int index) {
    return docs[index];
  }

  /** The index of the first vector of {@code doc} or a later document. */
  int from(int doc) {
    int index = Arrays.binarySearch(docs, doc);
    return index < 0 ? -index - 1 : index;
  }

  Question question(float[] unit) {
    return new Question(unit);
  }

  /** A question that is compared with the vectors of this segment. */
  final class Question {
    private final long[][] levels = new long[words][BITS];
    private final int[] sums = new int[BLOCK];
    private final float offset;
    private final float step;
    private final int levelSum;

    private Question(float[] unit) {
      offset = Vectors.cosine(unit, mean);
      float[] turned = rotation.turned(unit);
      float highest = 0;
      for (float value : turned) {
        highest = Math.max(highest, Math.abs(value));
      }
      step = highest / LEVEL_MAX;
      int sum = 0;
      for (int i = 0; i < turned.length; i++) {
        int level = Math.round(turned[i] / step);
        sum += level;
        for (int bit = 0; bit < BITS; bit++) {
          levels[i / Long.SIZE][bit] |= (level >> bit & 1L) << i;
        }
      }
      levelSum = sum;
    }

    /** Estimates the cosines of {@code count} vectors from an index on. */
    void estimate(int from, int count, float[] into) {
      for (int done = 0; done < count; done += BLOCK) {
        int size = Math.min(BLOCK, count - done);
        Arrays.fill(sums, 0, size, 0);
        for (int word = 0; word < words; word++) {
          addPositive(signs[word], levels[word], from + done, size);
        }
        for (int i = 0; i < size; i++) {
          into[done + i] = offset + (2 * sums[i] - levelSum) * step * scales[from + done + i];
        }
      }
    }

    /** Adds the levels where signs are positive: a plain loop, which the compiler vectorises. */
    private void addPositive(long[] ofWord, long[] level, int from, int size) {
      long ones = level[0];
      long twos = level[1];
      long fours = level[2];
      long minusEights = level[3]; // two's complement
      for (int i = 0; i < size; i++) {
        long sign = ofWord[from + i];
        sums[i] += Long.bitCount(sign & ones)
            + 2 * Long.bitCount(sign & twos)
            + 4 * Long.bitCount(sign & fours)
            - 8 * Long.bitCount(sign & minusEights);
      }
    }
  }
}
