package org.onlooker.vision;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.onlooker.core.TokenReducer;
import org.onlooker.core.VisualTokens;

/**
 * The pruner of streaming token compression (STC, arXiv 2512.00891, section 3.3) in the form with
 * gaussian kernels: of each frame the tokens stay that are least like two anchors, the mean of the
 * frame's tokens and the mean of all that the stream has shown.
 *
 * <p>Tokens are compared as unit vectors over the half of their channels that vary least within the
 * frame. A token's nearness to an anchor is the sum over five widths of {@code exp(-distance² /
 * (2 width))}, widths 1/8 to 2.
 */
public final class NoveltyPruner implements TokenReducer {
  private static final double[] WIDTHS = {0.125, 0.25, 0.5, 1, 2};

  private final double shareKept;

  /** @param shareKept of a frame's tokens, above 0; the paper keeps 60 of 196 */
  public NoveltyPruner(double shareKept) {
    this.shareKept = shareKept;
  }

  @Override
  public String name() {
    return "novelty";
  }

  @Override
  public Reduction open() {
    return new Watched();
  }

  private final class Watched implements Reduction {
    private double[] shown = new double[0];
    private double[] newest = new double[0];
    private long frames;
    private long newestFrames;

    @Override
    public VisualTokens reduce(VisualTokens tokens) {
      newest = shown.length == tokens.width() ? shown.clone() : new double[tokens.width()];
      newestFrames = shown.length == tokens.width() ? frames : 0;
      Set<Integer> kept = new HashSet<>();
      int from = 0;
      for (int count : tokens.countsByFrame()) {
        if (count > 0) {
          kept.addAll(novel(new FrameRows(tokens, from, count)));
        }
        from += count;
      }
      return tokens.keep(kept::contains);
    }

    private Set<Integer> novel(FrameRows frame) {
      double[] mean = frame.mean();
      for (int i = 0; i < mean.length; i++) {
        newest[i] += (mean[i] - newest[i]) / (newestFrames + 1);
      }
      newestFrames++;
      return frame.farthest((int) Math.ceil(shareKept * frame.count), mean, newest);
    }

    @Override
    public void remembered() {
      shown = newest;
      frames = newestFrames;
    }

    @Override
    public void restart() {
      shown = new double[0];
      frames = 0;
    }
  }

  /** The tokens of one frame, as unit vectors. */
  private static final class FrameRows {
    private final int first;
    private final int count;
    private final float[][] rows;

    FrameRows(VisualTokens tokens, int first, int count) {
      this.first = first;
      this.count = count;
      int width = tokens.width();
      rows = IntStream.range(first, first + count)
          .mapToObj(
              i -> UnitVector.of(Arrays.copyOfRange(tokens.values(), i * width, (i + 1) * width)))
          .toArray(float[][]::new);
    }

    double[] mean() {
      double[] mean = new double[rows[0].length];
      for (float[] row : rows) {
        for (int i = 0; i < mean.length; i++) {
          mean[i] += row[i] / (double) count;
        }
      }
      return mean;
    }

    /** Indices, among all tokens of the clip, of the {@code limit} rows farthest from both. */
    Set<Integer> farthest(int limit, double[] mean, double[] shown) {
      int[] channels = steadiest(mean);
      double[] nearness = new double[count];
      for (int row = 0; row < count; row++) {
        nearness[row] = nearness(rows[row], mean, channels) + nearness(rows[row], shown, channels);
      }
      Set<Integer> kept = new HashSet<>();
      IntStream.range(0, count)
          .boxed()
          .sorted(Comparator.comparingDouble(row -> nearness[row]))
          .limit(limit)
          .forEach(row -> kept.add(first + row));
      return kept;
    }

    private int[] steadiest(double[] mean) {
      double[] variance = new double[mean.length];
      for (float[] row : rows) {
        for (int i = 0; i < mean.length; i++) {
          variance[i] += (row[i] - mean[i]) * (row[i] - mean[i]);
        }
      }
      return IntStream.range(0, mean.length)
          .boxed()
          .sorted(Comparator.comparingDouble(i -> variance[i]))
          .limit((mean.length + 1) / 2)
          .mapToInt(Integer::intValue)
          .toArray();
    }

    /** Between a row and an anchor, both scaled to unit length over {@code channels}. */
    private static double nearness(float[] row, double[] anchor, int[] channels) {
      double rowSquares = 1e-12;
      double anchorSquares = 1e-12;
      double dot = 0;
      for (int channel : channels) {
        rowSquares += (double) row[channel] * row[channel];
        anchorSquares += anchor[channel] * anchor[channel];
        dot += row[channel] * anchor[channel];
      }
      double squaredDistance = 2 - 2 * dot / Math.sqrt(rowSquares * anchorSquares);
      double sum = 0;
      for (double width : WIDTHS) {
        sum += Math.exp(-squaredDistance / (2 * width));
      }
      return sum;
    }
  }
}
