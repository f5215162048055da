package org.onlooker.language.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.VisualTokens;
import org.onlooker.language.Golden;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;

/** A tiny pack's decoder beside its reference outputs. */
final class Replay implements AutoCloseable {
  final Golden golden;
  final Decoder decoder;
  final KvShape shape;

  Replay(String pack, String golden) {
    this.golden = new Golden(golden);
    this.decoder = Decoder.load(ModelPack.read(Golden.pack(pack)), ExecutionProvider.CPU, 1);
    this.shape = decoder.shape();
  }

  /** The reference's features of the pictures that a topic names, as visual tokens. */
  Optional<VisualTokens> pictures(JsonNode topic) {
    List<float[]> features = new ArrayList<>();
    topic.required("pixelValues").forEach(name -> features.add(featuresOf(name.textValue())));
    if (features.isEmpty()) {
      return Optional.empty();
    }
    float[] all = new float[features.size() * features.getFirst().length];
    for (int i = 0; i < features.size(); i++) {
      float[] one = features.get(i);
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    int width = decoder.config().hiddenSize();
    return Optional.of(
        new VisualTokens(features.size(), features.getFirst().length / width, width, all));
  }

  private float[] featuresOf(String pixelValues) {
    for (JsonNode entry : golden.topic("features")) {
      if (entry.required("pixelValues").textValue().equals(pixelValues)
          && !entry.has("validRows")) {
        return golden.array(entry, "features");
      }
    }
    throw new AssertionError("no features of " + pixelValues);
  }

  /** Runs rows {@code [from, to)} of given embeddings: as image tokens, whose rows they are. */
  void runEmbeds(Forward forward, float[] embeds, int from, int to, int position) {
    int width = decoder.config().hiddenSize();
    long[] ids = new long[to - from];
    Arrays.fill(ids, decoder.config().imageTokenId());
    float[] rows = Arrays.copyOfRange(embeds, from * width, to * width);
    forward.run(ids, Optional.of(new VisualTokens(1, to - from, width, rows)), position);
  }

  static float[] logits(Forward forward, int vocabulary) {
    float[] logits = new float[vocabulary];
    for (int id = 0; id < vocabulary; id++) {
      logits[id] = forward.logit(id);
    }
    return logits;
  }

  /** Rotated keys of all rows, {@code [layer][kvHead][row][headDim]}. */
  float[] keys(KvCache cache) {
    float[] keys = new float[shape.floatsPerToken() * cache.length()];
    int at = 0;
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int head = 0; head < shape.kvHeads(); head++) {
        for (int row = 0; row < cache.length(); row++) {
          for (int column = 0; column < shape.headDim(); column++) {
            keys[at++] = cache.key(layer, head, row, column);
          }
        }
      }
    }
    return keys;
  }

  /** Rows {@code [from, to)} of an array of {@code [layer][kvHead][rows][headDim]}. */
  float[] rows(float[] array, int from, int to) {
    int dim = shape.headDim();
    int heads = shape.layers() * shape.kvHeads();
    int all = array.length / heads / dim;
    float[] part = new float[heads * (to - from) * dim];
    for (int head = 0; head < heads; head++) {
      System.arraycopy(
          array, (head * all + from) * dim, part, head * (to - from) * dim, (to - from) * dim);
    }
    return part;
  }

  /** Rows {@code [from, to)} of reference arrays as a block. */
  KvBlock block(float[] rawKeys, float[] values, int from, int to) {
    KvBlock block = KvBlock.allocate(shape, to - from);
    copyTo(rows(rawKeys, from, to), block.keys());
    copyTo(rows(values, from, to), block.values());
    return block;
  }

  private static void copyTo(float[] from, MemorySegment to) {
    MemorySegment.copy(from, 0, to, ValueLayout.JAVA_FLOAT, 0, from.length);
  }

  static float[] floats(MemorySegment memory) {
    return memory.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
