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
import java.util.stream.LongStream;
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
  private final MemorySegment keptRows;
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
    this.keptRows = arena.allocate(ValueLayout.JAVA_LONG);
    this.flag = arena.allocate(1);
    this.logits = logits(arena, keepsRows() ? 1 : chunk);
    for (int i = 0; i < capacity; i++) {
      mask.setAtIndex(ValueLayout.JAVA_LONG, i, 1);
    }
  }

  /** Whether the graph can be told of how many of the last tokens it shall give logits. */
  private boolean keepsRows() {
    return decoder.graph().takes(Decoder.LOGITS_KEPT);
  }

  private MemorySegment logits(Arena owner, int rows) {
    long bytes =
        (long) rows * decoder.config().vocabSize() * decoder.logitsKind().bytes();
    return owner.allocate(bytes, 64);
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
      step(part.length, position + start, new Rows(logits, 1), Optional.empty());
    }
  }

  /**
   * Runs a question and what is said to it behind what the cache holds, in one pass.
   *
   * @return of each token of {@code said} and of {@code end} behind it, how likely the model thinks
   *     it is there: natural logarithms
   * @throws IllegalArgumentException when {@code said} is as long as a chunk
   */
  double[] logLikelihoods(long[] question, long[] said, long end) {
    if (said.length >= chunk) {
      throw new IllegalArgumentException(
          said.length + " tokens cannot be judged at once, at most " + (chunk - 1));
    }
    long[] all = LongStream.concat(LongStream.of(question), LongStream.of(said)).toArray();
    int first = Math.max(0, all.length - chunk);
    run(Arrays.copyOf(all, first), cache.length());
    int rows = said.length + 1;
    try (Arena confined = Arena.ofConfined()) {
      Rows kept = new Rows(keepsRows() ? logits(confined, rows) : logits, rows);
      long[] last = Arrays.copyOfRange(all, first, all.length);
      embed(last);
      step(last.length, cache.length(), kept, Optional.empty());
      double[] logs = new double[rows];
      for (int i = 0; i < rows; i++) {
        int row = (keepsRows() ? rows : last.length) - rows + i;
        logs[i] = logLikelihood(kept.logits(), row, i < said.length ? said[i] : end);
      }
      return logs;
    }
  }

  private double logLikelihood(MemorySegment from, int row, long token) {
    int vocabulary = decoder.config().vocabSize();
    long start = (long) row * vocabulary;
    double largest = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < vocabulary; id++) {
      largest = Math.max(largest, decoder.logitsKind().get(from, start + id));
    }
    double sum = 0;
    for (int id = 0; id < vocabulary; id++) {
      sum += Math.exp(decoder.logitsKind().get(from, start + id) - largest);
    }
    return decoder.logitsKind().get(from, start + token) - largest - Math.log(sum);
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
      step(part.length, position + start, new Rows(logits, 1), Optional.of(means));
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

  /**
   * Where logits go.
   *
   * @param count of how many of the last tokens, where the graph can be told
   */
  private record Rows(MemorySegment logits, int count) {}

  /** Runs the first {@code count} rows of the embeddings. */
  private void step(int count, int position, Rows rows, Optional<QueryMeans> means) {
    if (!decoder.kind().positioned() && position != cache.length()) {
      throw new IllegalArgumentException(
          "this graph puts the next token at position " + cache.length() + ", not " + position);
    }
    for (int i = 0; i < count; i++) {
      positions.setAtIndex(ValueLayout.JAVA_LONG, i, position + i);
    }
    int logitRows = keepsRows() ? rows.count() : count;
    keptRows.set(ValueLayout.JAVA_LONG, 0, rows.count());
    flag.set(ValueLayout.JAVA_BYTE, 0, (byte) (cache.length() > 0 ? 1 : 0));
    Map<String, OnnxTensor> pinned = new HashMap<>();
    try (OnnxTensor input = Tensors.floats(embeds, 1, count, decoder.config().hiddenSize());
        OnnxTensor seen = Tensors.longs(mask, 1, cache.length() + count);
        OnnxTensor places = Tensors.longs(positions, 1, count);
        OnnxTensor kept = Tensors.longs(keptRows);
        OnnxTensor useCache = Tensors.booleans(flag, 1);
        OnnxTensor output = Tensors.floats(
            decoder.logitsKind() == FloatKind.F16,
            rows.logits(),
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
