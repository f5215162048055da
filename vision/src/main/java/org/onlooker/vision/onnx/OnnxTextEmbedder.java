package org.onlooker.vision.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.onlooker.core.TextEmbedder;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.OnnxModel;
import org.onlooker.onnx.PackTokenizer;
import org.onlooker.onnx.Tensors;
import org.onlooker.vision.UnitVector;

/**
 * The question side of recall: {@code text_model} takes {@code input_ids} (and {@code
 * attention_mask} where declared), both i64 {@code [1, length]}, and gives {@code text_embeds}
 * {@code [1, dim]}. A pack without that graph gives empty vectors. Safe for use by several threads.
 */
public final class OnnxTextEmbedder implements TextEmbedder, AutoCloseable {
  private static final String EMBEDDING = "text_embeds";

  private final Optional<OnnxModel> model;
  private final PackTokenizer tokenizer;

  private OnnxTextEmbedder(Optional<OnnxModel> model, PackTokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /** Loads the text side of a pack. */
  public static OnnxTextEmbedder load(ModelPack pack, ExecutionProvider provider, int threads) {
    PackTokenizer tokenizer = PackTokenizer.open(pack);
    try {
      Optional<OnnxModel> model =
          pack.optionalGraph("text_model").map(file -> OnnxModel.load(file, provider, threads));
      model.ifPresent(graph -> graph.requireOutput(EMBEDDING, -1, -1));
      return new OnnxTextEmbedder(model, tokenizer);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public float[] embed(String text) {
    long[] ids = model.isPresent() ? tokenizer.encode(text) : new long[0];
    return ids.length == 0 ? new float[0] : run(model.orElseThrow(), ids);
  }

  private static float[] run(OnnxModel model, long[] ids) {
    long[] ones = new long[ids.length];
    Arrays.fill(ones, 1);
    try (Arena arena = Arena.ofConfined();
        OnnxTensor input = Tensors.longs(copy(arena, ids), 1, ids.length);
        OnnxTensor mask = Tensors.longs(copy(arena, ones), 1, ids.length);
        OrtSession.Result result = model.run(
            Map.of("input_ids", input, "attention_mask", mask), Set.of(EMBEDDING), Map.of())) {
      FloatBuffer buffer = model.tensor(result, EMBEDDING).getFloatBuffer();
      float[] embedding = new float[buffer.remaining()];
      buffer.get(embedding);
      return UnitVector.of(embedding);
    }
  }

  private static MemorySegment copy(Arena arena, long[] values) {
    return arena.allocateFrom(ValueLayout.JAVA_LONG, values);
  }

  @Override
  public void close() {
    model.ifPresent(OnnxModel::close);
    tokenizer.close();
  }
}
