package org.onlooker.language.onnx;

import ai.onnxruntime.TensorInfo;
import java.util.HashSet;
import java.util.Set;
import org.onlooker.core.KvShape;
import org.onlooker.language.FloatKind;
import org.onlooker.language.Rope;
import org.onlooker.onnx.DecoderConfig;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.OnnxModel;
import org.onlooker.onnx.PackException;

/**
 * The two graphs of a decoder: {@code embed_tokens} (i64 {@code [1, n]} to f32 {@code [1, n,
 * hidden]}) and {@code decoder_model_merged}, checked against the pack's config, with what the
 * start-up proof found out about them. Runs may come from several threads.
 */
final class Decoder implements AutoCloseable {
  static final String EMBEDS = "inputs_embeds";
  static final String MASK = "attention_mask";
  static final String POSITIONS = "position_ids";
  static final String LOGITS_KEPT = "num_logits_to_keep";
  static final String USE_CACHE = "use_cache_branch";
  static final String LOGITS = "logits";

  private final OnnxModel embedder;
  private final OnnxModel graph;
  private final DecoderConfig config;
  private final KvShape shape;
  private final FloatKind kvKind;
  private final FloatKind logitsKind;
  private final Rope rope;
  private final GraphKind kind;

  private Decoder(OnnxModel embedder, OnnxModel graph, DecoderConfig config, GraphKind kind) {
    this.embedder = embedder;
    this.graph = graph;
    this.config = config;
    this.shape = new KvShape(config.layers(), config.kvHeads(), config.headDim());
    this.kvKind = FloatKind.of(OnnxModel.isHalf(graph.input(pastName(0, "key"))));
    this.logitsKind = FloatKind.of(OnnxModel.isHalf(graph.output(LOGITS)));
    this.rope = new Rope(config.rope());
    this.kind = kind;
  }

  /**
   * Loads and proves the decoder of a pack.
   *
   * @throws PackException when graphs and config do not belong together, or the proof fails
   */
  static Decoder load(ModelPack pack, ExecutionProvider provider, int threads) {
    OnnxModel embedder = OnnxModel.load(pack.graph("embed_tokens"), provider, threads);
    OnnxModel graph = null;
    try {
      graph = OnnxModel.load(pack.graph("decoder_model_merged"), provider, threads);
      check(embedder, graph, pack.decoder());
      boolean takesPositions = graph.takes(POSITIONS);
      Decoder plain =
          new Decoder(embedder, graph, pack.decoder(), new GraphKind(takesPositions, false));
      return plain.as(new DecoderProof(plain).prove());
    } catch (RuntimeException e) {
      if (graph != null) {
        graph.close();
      }
      embedder.close();
      throw e;
    }
  }

  /** The same graphs, run another way; either one's close closes both. */
  Decoder as(GraphKind other) {
    return new Decoder(embedder, graph, config, other);
  }

  private static void check(OnnxModel embedder, OnnxModel graph, DecoderConfig config) {
    Set<String> known = new HashSet<>(Set.of(EMBEDS, MASK, POSITIONS, LOGITS_KEPT, USE_CACHE));
    for (int layer = 0; layer < config.layers(); layer++) {
      for (String part : new String[] {"key", "value"}) {
        known.add(pastName(layer, part));
        graph.requireInput(pastName(layer, part), -1, config.kvHeads(), -1, config.headDim());
        graph.requireOutput(presentName(layer, part), -1, config.kvHeads(), -1, config.headDim());
      }
    }
    graph.requireOnlyInputs(known);
    graph.requireInput(EMBEDS, -1, -1, config.hiddenSize());
    graph.requireInput(MASK, -1, -1);
    graph.requireOutput(LOGITS, -1, -1, config.vocabSize());
    if (graph.takes(POSITIONS)) {
      graph.requireInput(POSITIONS, -1, -1);
    }
    embedder.requireInput("input_ids", -1, -1);
    embedder.requireOutput(EMBEDS, -1, -1, config.hiddenSize());
    requireFloat(embedder, embedder.output(EMBEDS));
    requireFloat(graph, graph.input(EMBEDS));
  }

  private static void requireFloat(OnnxModel model, TensorInfo info) {
    if (OnnxModel.isHalf(info)) {
      throw new PackException(model.file() + ": " + EMBEDS
          + " in 16-bit floats is not supported; use an export with 32-bit inputs");
    }
  }

  /** A layer's queries before rotation, {@code [1, heads, n, headDim]}; packs may lack it. */
  static String queryName(int layer) {
    return "query." + layer;
  }

  boolean tellsQueries() {
    return graph.gives(queryName(config.layers() - 1));
  }

  static String pastName(int layer, String part) {
    return "past_key_values." + layer + "." + part;
  }

  static String presentName(int layer, String part) {
    return "present." + layer + "." + part;
  }

  OnnxModel embedder() {
    return embedder;
  }

  OnnxModel graph() {
    return graph;
  }

  DecoderConfig config() {
    return config;
  }

  KvShape shape() {
    return shape;
  }

  FloatKind kvKind() {
    return kvKind;
  }

  FloatKind logitsKind() {
    return logitsKind;
  }

  Rope rope() {
    return rope;
  }

  GraphKind kind() {
    return kind;
  }

  @Override
  public void close() {
    graph.close();
    embedder.close();
  }
}
