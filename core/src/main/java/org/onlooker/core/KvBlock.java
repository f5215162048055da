package org.onlooker.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One clip's keys and values, off the Java heap.
 *
 * <p>Both segments hold f32, native order, as {@code [layer][kvHead][token][headDim]}. Keys are
 * raw: the rotary embedding is taken off, so that a block can stand at any position (ReKV keeps
 * un-rotated keys the same way, arXiv 2503.00540, section 3).
 *
 * <p>Life cycle: 1. allocated by {@link #allocate}; 2. filled by its maker; 3. read only; 4. closed
 * once by its owner, after which any access throws {@link IllegalStateException}.
 */
public final class KvBlock implements AutoCloseable {
  private final Arena arena;
  private final KvShape shape;
  private final int tokenCount;
  private final MemorySegment keys;
  private final MemorySegment values;

  private KvBlock(Arena arena, KvShape shape, int tokenCount) {
    long bytes = (long) shape.floatsPerToken() * tokenCount * Float.BYTES;
    this.arena = arena;
    this.shape = shape;
    this.tokenCount = tokenCount;
    this.keys = arena.allocate(bytes, 64);
    this.values = arena.allocate(bytes, 64);
  }

  /** A block of zeros that any thread may use. */
  public static KvBlock allocate(KvShape shape, int tokenCount) {
    if (tokenCount <= 0) {
      throw new IllegalArgumentException("block has " + tokenCount + " tokens, needs at least 1");
    }
    return new KvBlock(Arena.ofShared(), shape, tokenCount);
  }

  public KvShape shape() {
    return shape;
  }

  public int tokenCount() {
    return tokenCount;
  }

  public MemorySegment keys() {
    return keys;
  }

  public MemorySegment values() {
    return values;
  }

  /** Index of the first float of a head's row: {@code headDim} floats from there. */
  public long rowOffset(int layer, int kvHead, int token) {
    return (((long) layer * shape.kvHeads() + kvHead) * tokenCount + token) * shape.headDim();
  }

  /**
   * Mean raw key of each layer, heads concatenated: {@code layers} rows of {@code kvHeads *
   * headDim} (ReKV's block representative, section 3.2 of the paper, kept per KV head).
   */
  public float[][] keyMeans() {
    float[][] means = new float[shape.layers()][shape.kvHeads() * shape.headDim()];
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int head = 0; head < shape.kvHeads(); head++) {
        addHeadMean(means[layer], layer, head);
      }
    }
    return means;
  }

  private void addHeadMean(float[] mean, int layer, int head) {
    int dim = shape.headDim();
    for (int token = 0; token < tokenCount; token++) {
      long row = rowOffset(layer, head, token);
      for (int i = 0; i < dim; i++) {
        mean[head * dim + i] += keys.getAtIndex(ValueLayout.JAVA_FLOAT, row + i) / tokenCount;
      }
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
