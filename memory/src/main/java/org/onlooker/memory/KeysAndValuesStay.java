package org.onlooker.memory;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;

/**
 * InfiniPot-V's two scores (arXiv 2506.15745, section 3), which need keys and values alone: clips
 * whose keys are least like those of the newest quarter at the same place (temporal redundancy,
 * TaR), and clips whose values are longest (value norm, VaN). Once full, three quarters stay: the
 * newest quarter, the least redundant up to half of what is left, and by value norm the rest.
 *
 * <p>Not as published: keys are raw, so that no rotation is taken for content; a clip's score is
 * the mean over its layers, heads and tokens, in which a token is compared with the token of the
 * same place in the newer clips; and there is no smoothing over neighbouring tokens.
 */
final class KeysAndValuesStay implements Eviction {
  @Override
  public int clipsLeft(int clipsMax) {
    return Math.max(1, clipsMax - clipsMax / 4);
  }

  /** What a clip's block says of it; one without a block is the first to leave. */
  private record Scored(Candidate clip, double novelty, double valueNorm) {}

  @Override
  public Map<Long, Long> choose(List<Candidate> clips, int left) {
    int recentCount = Math.clamp(clips.size() / 4, 1, left); // of all, as published
    int split = clips.size() - recentCount;
    RecentKeys recent = RecentKeys.of(clips.subList(split, clips.size()));
    List<Scored> older = new ArrayList<>();
    clips.subList(0, split).forEach(clip -> older.add(scored(clip, recent)));
    int novelCount = Math.clamp(left / 2 - recentCount, 0, left - recentCount);
    Map<Long, Long> stay = new LinkedHashMap<>();
    take(older, Scored::novelty, novelCount, stay);
    take(older, Scored::valueNorm, left - recentCount - novelCount, stay);
    clips.subList(split, clips.size()).forEach(clip -> stay.put(clip.sequence(), clip.weight()));
    return stay;
  }

  private static Scored scored(Candidate clip, RecentKeys recent) {
    Optional<KvBlock> read = clip.block().get();
    if (read.isEmpty()) {
      return new Scored(clip, Double.NEGATIVE_INFINITY, 0);
    }
    try (KvBlock block = read.get()) {
      return new Scored(clip, -recent.likeness(block), valueNorm(block));
    }
  }

  /** Moves the highest of {@code from} to those that stay. */
  private static void take(
      List<Scored> from, ToDoubleFunction<Scored> score, int count, Map<Long, Long> stay) {
    from.sort(Comparator.comparingDouble(score).reversed());
    List<Scored> best = from.subList(0, count);
    best.forEach(scored -> stay.put(scored.clip().sequence(), scored.clip().weight()));
    best.clear();
  }

  private static double valueNorm(KvBlock block) {
    int dim = block.shape().headDim();
    long rows = block.values().byteSize() / Float.BYTES / dim;
    double sum = 0;
    for (long row = 0; row < rows; row++) {
      sum += length(block.values(), row * dim, dim);
    }
    return sum / rows;
  }

  private static double length(MemorySegment floats, long from, int count) {
    double square = 0;
    for (int i = 0; i < count; i++) {
      float value = floats.getAtIndex(JAVA_FLOAT, from + i);
      square += (double) value * value;
    }
    return Math.sqrt(square);
  }

  /**
   * Sums of the recent clips' keys, each of unit length, by layer, head and place: the mean cosine
   * with all of them is one product with their mean.
   */
  private static final class RecentKeys {
    private final KvShape shape;
    private final int tokens;
    private final float[] means;

    private RecentKeys(KvShape shape, int tokens) {
      this.shape = shape;
      this.tokens = tokens;
      this.means = new float[shape.layers() * shape.kvHeads() * tokens * shape.headDim()];
    }

    static RecentKeys of(List<Candidate> clips) {
      List<KvBlock> blocks = new ArrayList<>();
      try {
        clips.forEach(clip -> clip.block().get().ifPresent(blocks::add));
        int tokens = blocks.stream().mapToInt(KvBlock::tokenCount).min().orElse(0);
        KvShape shape =
            blocks.isEmpty() ? new KvShape(0, 0, 0) : blocks.getLast().shape();
        RecentKeys recent = new RecentKeys(shape, tokens);
        blocks.stream().filter(recent::isComparable).forEach(recent::add);
        for (int i = 0; i < recent.means.length; i++) {
          recent.means[i] /= blocks.size();
        }
        return recent;
      } finally {
        blocks.forEach(KvBlock::close);
      }
    }

    private boolean isComparable(KvBlock block) {
      return block.shape().equals(shape);
    }

    private void add(KvBlock block) {
      forEachRow(block, tokens, (row, mean, norm) -> {
        for (int i = 0; i < shape.headDim(); i++) {
          means[mean + i] += (float) (block.keys().getAtIndex(JAVA_FLOAT, row + i) / norm);
        }
      });
    }

    /** Mean cosine of a block's keys with the recent ones at their places. */
    double likeness(KvBlock block) {
      int compared = Math.min(tokens, block.tokenCount());
      if (compared == 0 || !isComparable(block)) {
        return 0;
      }
      double[] sum = new double[1];
      forEachRow(block, compared, (row, mean, norm) -> {
        double dot = 0;
        for (int i = 0; i < shape.headDim(); i++) {
          dot += (double) block.keys().getAtIndex(JAVA_FLOAT, row + i) * means[mean + i];
        }
        sum[0] += dot / norm;
      });
      return sum[0] / ((double) shape.layers() * shape.kvHeads() * compared);
    }

    /** Takes where a key begins in its block and in the means, and its length. */
    private interface RowVisitor {
      void accept(long row, int mean, double norm);
    }

    private void forEachRow(KvBlock block, int count, RowVisitor visitor) {
      int dim = shape.headDim();
      for (int layer = 0; layer < shape.layers(); layer++) {
        for (int head = 0; head < shape.kvHeads(); head++) {
          for (int token = 0; token < count; token++) {
            long row = block.rowOffset(layer, head, token);
            int mean = ((layer * shape.kvHeads() + head) * tokens + token) * dim;
            double norm = length(block.keys(), row, dim);
            if (norm > 0) {
              visitor.accept(row, mean, norm);
            }
          }
        }
      }
    }
  }
}
