package org.onlooker.retrieval;

import java.util.Random;

/**
 * Turns vectors so that what they say is spread evenly over all dimensions, whatever the pack:
 * random signs, then a Walsh-Hadamard transform. Lengths and angles stay; dimensions are filled up
 * with zeros to a power of two.
 */
final class Rotation {
  private static final long SEED = 1; // any will do, but always the same one

  private final float[] signs;
  private final int inputs;

  Rotation(int inputs) {
    this.inputs = inputs;
    int dimensions = Math.max(Long.SIZE, Integer.highestOneBit(2 * inputs - 1));
    this.signs = new float[dimensions];
    Random random = new Random(SEED);
    for (int i = 0; i < dimensions; i++) {
      signs[i] = (float) ((random.nextBoolean() ? 1 : -1) / Math.sqrt(dimensions));
    }
  }

  int dimensions() {
    return signs.length;
  }

  float[] turned(float[] vector) {
    float[] turned = new float[signs.length];
    for (int i = 0; i < inputs; i++) {
      turned[i] = signs[i] * vector[i];
    }
    for (int half = 1; half < turned.length; half *= 2) {
      for (int block = 0; block < turned.length; block += 2 * half) {
        for (int i = block; i < block + half; i++) {
          float one = turned[i];
          float other = turned[i + half];
          turned[i] = one + other;
          turned[i + half] = one - other;
        }
      }
    }
    return turned;
  }
}
