package org.onlooker.language.onnx;

import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.onlooker.core.KvShape;
import org.onlooker.onnx.OnnxModel;

/** Sums up a decoder's query outputs over the tokens of a question, run by run. */
final class QueryMeans {
  private final KvShape shape;
  private final int tokens;
  private final float[][] sums;

  /** @param tokens of all runs together */
  QueryMeans(KvShape shape, int tokens) {
    this.shape = shape;
    this.tokens = tokens;
    this.sums = new float[shape.layers()][shape.kvHeads() * shape.headDim()];
  }

  Set<String> names() {
    return IntStream.range(0, shape.layers())
        .mapToObj(Decoder::queryName)
        .collect(Collectors.toSet());
  }

  /** Adds a run's outputs, {@code [1, heads, n, headDim]} of each layer. */
  void add(OnnxModel graph, OrtSession.Result result) {
    for (int layer = 0; layer < shape.layers(); layer++) {
      var tensor = graph.tensor(result, Decoder.queryName(layer));
      long[] size = tensor.getInfo().getShape();
      int heads = (int) size[1];
      add(sums[layer], tensor.getFloatBuffer(), heads / shape.kvHeads(), (int) size[2]);
    }
  }

  private void add(float[] sum, FloatBuffer queries, int group, int count) {
    int dim = shape.headDim();
    for (int head = 0; head < group * shape.kvHeads(); head++) {
      int first = head / group * dim;
      for (int i = 0; i < count * dim; i++) {
        sum[first + i % dim] += queries.get() / tokens;
      }
    }
  }

  float[][] perLayer() {
    return sums;
  }
}
