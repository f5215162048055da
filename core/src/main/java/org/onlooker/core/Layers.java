package org.onlooker.core;

/** Layers of a decoder, of which there are at most 64; bit i stands for layer i. */
public record Layers(long bits) {
  public static final Layers ALL = new Layers(-1);
  public static final Layers NONE = new Layers(0);

  public boolean has(int layer) {
    return (bits >>> layer & 1) == 1;
  }

  public Layers with(int layer) {
    if (layer < 0 || layer >= Long.SIZE) {
      throw new IllegalArgumentException("layer is " + layer + ", must be from 0 to 63");
    }
    return new Layers(bits | 1L << layer);
  }

  public int count() {
    return Long.bitCount(bits);
  }
}
