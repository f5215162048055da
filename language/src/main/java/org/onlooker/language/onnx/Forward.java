package org.onlooker.language.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.VisualTokens;
import org.onlooker.language.FloatKind;
import org.onlooker.onnx.DecoderConfig;
import org.onlooker.onnx.Tensors;

/**
 * One sequence going through a decoder: its cache and the buffers of its runs. Used by one thread;
 * several may run at once over the same {@link Decoder}.
 */
final class Forward implements AutoCloseable {
  /** Tokens per run: bounds the logits and attention scores that a long prefill needs. */
  private static final int CHUNK_TOKENS = 256;

  private final Decoder decoder;
  private final KvCache cache;
  private final Arena arena = Arena.ofShared();
  private final int chunk;
  private final MemorySegment ids;
  private final MemorySegment embeds;
  private final MemorySegment mask;
  private final MemorySegment positions;
  private final MemorySegment one;
  private final MemorySegment flag;
  private final MemorySegment logits;
  private int logitsRow;

  /**
   * An empty sequence.
   *
   * @param capacity most tokens it will hold
   */
  Forward(Decoder decoder, int capacity) {
    DecoderConfig config = decoder.config();
    this.decoder = decoder;
    this.chunk = Math.min(CHUNK_TOKENS, capacity);
    this.cache =
        new KvCache(decoder.shape(), decoder.kvKind(), capacity, decoder.kind().inPlace());
    this.ids = arena.allocate(ValueLayout.JAVA_LONG, chunk);
    this.embeds = arena.allocate((long) chunk * config.hiddenSize() * Float.BYTES, 64);
    this.mask = arena.allocate(ValueLayout.JAVA_LONG, capacity);
    this.positions = arena.allocate(ValueLayout.JAVA_LONG, chunk);
    this.one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
    this.flag = arena.allocate(1);
    int logitRows = decoder.graph().takes(Decoder.LOGITS_KEPT) ? 1 : chunk;
    this.logits = arena.allocate(
        (long) logitRows * config.vocabSize() * decoder.logitsKind().bytes(), 64);
    for (int i = 0; i < capacity; i++) {
      mask.setAtIndex(ValueLayout.JAVA_LONG, i, 1);
    }
  }

  KvCache cache() {
    return cache;
  }

  /** Appends a stored block, its keys rotated to positions from {@code position} on. */
  void append(KvBlock block, int position) {
    int row = cache.length();
    cache.grow(block.tokenCount());
    cache.put(block, row, decoder.rope().to(position, block.tokenCount()));
  }

  /** Runs tokens through the decoder behind what the cache holds. */
  void run(long[] tokens, int position) {
    run(tokens, Optional.empty(), position);
  }

  /**
   * Runs tokens through the decoder behind what the cache holds; afterwards {@link #logit} tells of
   * the last one.
   *
   * @param visual rows for the image tokens among {@code tokens}, in order; their counts must match
   * @param position of the first token; a graph that counts itself must be given what it counts
   */
  void run(long[] tokens, Optional<VisualTokens> visual, int position) {
    visual.ifPresent(rows -> requireMatch(tokens, rows));
    int visualRow = 0;
    for (int start = 0; start < tokens.length; start += chunk) {
      long[] part = Arrays.copyOfRange(tokens, start, Math.min(start + chunk, tokens.length));
      embed(part);
      if (visual.isPresent()) {
        visualRow = merge(part, visual.get(), visualRow);
      }
      step(part.length, position + start, Optional.empty());
    }
  }

  /**
   * Runs tokens as {@link #run} does and gives the mean of their queries before rotation: for each
   * layer {@code kvHeads * headDim} values, the heads that share a KV head summed.
   */
  float[][] queries(long[] tokens, int position) {
    KvShape shape = decoder.shape();
    QueryMeans means = new QueryMeans(shape, tokens.length);
    for (int start = 0; start < tokens.length; start += chunk) {
      long[] part = Arrays.copyOfRange(tokens, start, Math.min(start + chunk, tokens.length));
      embed(part);
      step(part.length, position + start, Optional.of(means));
    }
    return means.perLayer();
  }

  private void requireMatch(long[] tokens, VisualTokens visual) {
    long places = Arrays.stream(tokens)
        .filter(id -> id == decoder.config().imageTokenId())
        .count();
    if (places != visual.tokenCount() || visual.width() != decoder.config().hiddenSize()) {
      throw new IllegalArgumentException(visual.tokenCount() + " visual tokens of width "
          + visual.width() + " for " + places + " image tokens of width "
          + decoder.config().hiddenSize());
    }
  }

  private void embed(long[] part) {
    MemorySegment.copy(part, 0, ids, ValueLayout.JAVA_LONG, 0, part.length);
    try (OnnxTensor input = Tensors.longs(ids, 1, part.length);
        OnnxTensor output =
            Tensors.floats(embeds, 1, part.length, decoder.config().hiddenSize())) {
      decoder.embedder().run(Map.of("input_ids", input), Map.of(Decoder.EMBEDS, output));
    }
  }

  /** Puts visual tokens over the embeddings of image tokens; returns the next row to take. */
  private int merge(long[] part, VisualTokens visual, int firstRow) {
    int width = visual.width();
    int row = firstRow;
    for (int i = 0; i < part.length; i++) {
      if (part[i] == decoder.config().imageTokenId()) {
        MemorySegment.copy(
            visual.values(),
            row * width,
            embeds,
            ValueLayout.JAVA_FLOAT,
            (long) i * width * Float.BYTES,
            width);
        row++;
      }
    }
    return row;
  }

  /** Runs the first {@code count} rows of the embeddings. */
  private void step(int count, int position, Optional<QueryMeans> means) {
    if (!decoder.kind().positioned() && position != cache.length()) {
      throw new IllegalArgumentException(
          "this graph puts the next token at position " + cache.length() + ", not " + position);
    }
    for (int i = 0; i < count; i++) {
      positions.setAtIndex(ValueLayout.JAVA_LONG, i, position + i);
    }
    boolean keepsOne = decoder.graph().takes(Decoder.LOGITS_KEPT);
    int logitRows = keepsOne ? 1 : count;
    flag.set(ValueLayout.JAVA_BYTE, 0, (byte) (cache.length() > 0 ? 1 : 0));
    Map<String, OnnxTensor> pinned = new HashMap<>();
    try (OnnxTensor input = Tensors.floats(embeds, 1, count, decoder.config().hiddenSize());
        OnnxTensor seen = Tensors.longs(mask, 1, cache.length() + count);
        OnnxTensor places = Tensors.longs(positions, 1, count);
        OnnxTensor kept = Tensors.longs(one);
        OnnxTensor useCache = Tensors.booleans(flag, 1);
        OnnxTensor output = Tensors.floats(
            decoder.logitsKind() == FloatKind.F16,
            logits,
            1,
            logitRows,
            decoder.config().vocabSize())) {
      Map<String, OnnxTensor> feeds = new HashMap<>(Map.of(
          Decoder.EMBEDS, input,
          Decoder.MASK, seen,
          Decoder.POSITIONS, places,
          Decoder.LOGITS_KEPT, kept,
          Decoder.USE_CACHE, useCache));
      pinned.put(Decoder.LOGITS, output);
      bindCache(count, feeds, pinned);
      Set<String> wanted = means.map(QueryMeans::names).orElse(Set.of());
      try (OrtSession.Result result = decoder.graph().run(feeds, wanted, pinned)) {
        means.ifPresent(sum -> sum.add(decoder.graph(), result));
      }
    } finally {
      cache.releaseTensors();
    }
    cache.advance(count);
    logitsRow = logitRows - 1;
  }

  private void bindCache(int count, Map<String, OnnxTensor> feeds, Map<String, OnnxTensor> pinned) {
    if (cache.length() + count > cache.capacity()) {
      throw new IllegalStateException("cache of " + cache.capacity() + " tokens is full");
    }
    for (int layer = 0; layer < decoder.shape().layers(); layer++) {
      List<OnnxTensor> past = cache.past(layer);
      List<OnnxTensor> present = cache.inPlace() ? past : cache.present(layer, count);
      feeds.put(Decoder.pastName(layer, "key"), past.get(0));
      feeds.put(Decoder.pastName(layer, "value"), past.get(1));
      pinned.put(Decoder.presentName(layer, "key"), present.get(0));
      pinned.put(Decoder.presentName(layer, "value"), present.get(1));
    }
  }

  /** How likely token {@code id} is to come next, before the softmax. */
  float logit(int id) {
    long index = (long) logitsRow * decoder.config().vocabSize() + id;
    return decoder.logitsKind().get(logits, index);
  }

  /** {@link #logit} of all tokens. */
  float[] logits() {
    float[] all = new float[decoder.config().vocabSize()];
    for (int id = 0; id < all.length; id++) {
      all[id] = logit(id);
    }
    return all;
  }

  /** The likeliest next token; the lowest id among equals. */
  long likeliest() {
    int best = 0;
    for (int id = 1; id < decoder.config().vocabSize(); id++) {
      if (logit(id) > logit(best)) {
        best = id;
      }
    }
    return best;
  }

  @Override
  public void close() {
    cache.close();
    arena.close();
  }
}
