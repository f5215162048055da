package org.onlooker.bench;

import ai.onnxruntime.OnnxTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.onlooker.onnx.DecoderConfig;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.OnnxModel;
import org.onlooker.onnx.Tensors;

/**
 * The three graphs of a pack on tensors of the shapes that watching gives them, made once: what
 * encoding and prefilling a clip costs when nothing but the sessions runs.
 */
final class BareSessions implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final OnnxModel tower;
  private final OnnxModel embedder;
  private final OnnxModel decoder;
  private final Map<String, OnnxTensor> pixels = new HashMap<>();
  private final Map<String, OnnxTensor> ids = new HashMap<>();
  private final Map<String, OnnxTensor> embeds = new HashMap<>();
  private final Map<String, OnnxTensor> step = new HashMap<>();
  private final Map<String, OnnxTensor> present = new HashMap<>();

  /**
   * Loads the graphs once more, beside those of the product.
   *
   * @param frames pictures per clip
   * @param pastTokens in the cache when a clip comes
   * @param clipTokens of the clip
   */
  BareSessions(ModelPack pack, int frames, int pastTokens, int clipTokens) {
    this.tower = load(pack, "vision_encoder");
    this.embedder = load(pack, "embed_tokens");
    this.decoder = load(pack, "decoder_model_merged");
    int edge = pack.vision().picture().width();
    long area = (long) frames * edge * edge;
    pixels.put("pixel_values", floats(3 * area, 1, frames, 3, edge, edge));
    pixels.put(
        "pixel_attention_mask",
        Tensors.booleans(arena.allocate(area).fill((byte) 1), 1, frames, edge, edge));
    DecoderConfig config = pack.decoder();
    ids.put("input_ids", longs(clipTokens, 7, 1, clipTokens));
    embeds.put(
        "inputs_embeds",
        floats((long) clipTokens * config.hiddenSize(), 1, clipTokens, config.hiddenSize()));
    step.putAll(embeds);
    step.put("attention_mask", longs(pastTokens + clipTokens, 1, 1, pastTokens + clipTokens));
    step.put("position_ids", positions(pastTokens, clipTokens));
    step.put("num_logits_to_keep", Tensors.longs(arena.allocateFrom(ValueLayout.JAVA_LONG, 1)));
    bindCache(config, pastTokens, clipTokens);
  }

  private void bindCache(DecoderConfig config, int pastTokens, int clipTokens) {
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String part : new String[] {"key", "value"}) {
        step.put("past_key_values." + layer + "." + part, cache(config, pastTokens));
        present.put("present." + layer + "." + part, cache(config, pastTokens + clipTokens));
      }
    }
    int rows = decoder.takes("num_logits_to_keep") ? 1 : clipTokens;
    present.put("logits", floats((long) rows * config.vocabSize(), 1, rows, config.vocabSize()));
  }

  private static OnnxModel load(ModelPack pack, String graph) {
    return OnnxModel.load(pack.graph(graph), ExecutionProvider.CPU, 1);
  }

  private OnnxTensor cache(DecoderConfig config, int tokens) {
    long count = (long) config.kvHeads() * tokens * config.headDim();
    return floats(count, 1, config.kvHeads(), tokens, config.headDim());
  }

  private OnnxTensor floats(long count, long... shape) {
    MemorySegment memory = arena.allocate(count * Float.BYTES, 64);
    for (long i = 0; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(i));
    }
    return Tensors.floats(memory, shape);
  }

  private OnnxTensor longs(int count, long value, long... shape) {
    MemorySegment memory = arena.allocate(ValueLayout.JAVA_LONG, count);
    for (int i = 0; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, value);
    }
    return Tensors.longs(memory, shape);
  }

  private OnnxTensor positions(int first, int count) {
    MemorySegment memory = arena.allocate(ValueLayout.JAVA_LONG, count);
    for (int i = 0; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, i, first + i);
    }
    return Tensors.longs(memory, 1, count);
  }

  void encode() {
    Set<String> outputs = tower.gives("image_embeds")
        ? Set.of("image_features", "image_embeds")
        : Set.of("image_features");
    tower.run(pixels, outputs, Map.of()).close();
  }

  void prefill() {
    embedder.run(ids, embeds);
    decoder.run(step, present);
  }

  @Override
  public void close() {
    tower.close();
    embedder.close();
    decoder.close();
    Set.of(pixels, ids, step, present).forEach(map -> map.values().forEach(OnnxTensor::close));
    arena.close();
  }
}
