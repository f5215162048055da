package org.onlooker.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.language.onnx.Steps;
import org.onlooker.memory.BlockCodec;

/**
 * Decoding the blocks of a long context and rotating them into place, beside the prefill of as many
 * tokens of text in one go: one thread, turn by turn. What blocks hold does not matter here.
 */
final class CodecTimes {
  private static final double GOAL = 0.10;
  private static final int TOKENS_MAX = 4096;
  private static final int RESERVE_TOKENS = 64;
  private static final int CLIP_TOKENS_MIN = 10;

  private final OnnxLanguageModel model;
  private final int runs;
  private final int tokens;

  CodecTimes(OnnxLanguageModel model, boolean quick) {
    this.model = model;
    this.runs = quick ? 3 : 9;
    this.tokens = Math.min(TOKENS_MAX, model.card().contextTokens() - RESERVE_TOKENS);
  }

  List<Figure> measure(Map<String, BlockCodec> codecs) {
    Prompt text = text();
    prefillMillis(text);
    List<Figure> figures = new ArrayList<>();
    for (var codec : codecs.entrySet()) {
      PairedRuns pairs = new PairedRuns();
      try (Encoded encoded = new Encoded(codec.getValue())) {
        encoded.serveMillis();
        encoded.serveMillis();
        for (int run = 0; run < runs; run++) {
          pairs.add(encoded.serveMillis(), prefillMillis(text));
        }
      }
      figures.add(pairs.figure(
          CodecBench.NAME,
          codec.getKey() + ", decode and rotate " + tokens + " tokens",
          "ms",
          "prefill",
          Optional.of(GOAL)));
    }
    return figures;
  }

  private double prefillMillis(Prompt text) {
    Steps.Walked walked = model.walk(text, _ -> OptionalLong.empty());
    return walked.questionNanos() / 1e6 / walked.questionTokens() * tokens;
  }

  /** A question of nearly that many tokens. */
  private Prompt text() {
    int perHundred = model.tokenCost(words(200)) - model.tokenCost(words(100));
    return words((tokens - 2 * RESERVE_TOKENS) * 100 / perHundred);
  }

  private static Prompt words(int count) {
    return new Prompt(List.of(), List.of(new QuestionPart.Text("dog ".repeat(count))), 1);
  }

  /** A context's blocks as a codec writes them. */
  private final class Encoded implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final BlockCodec codec;
    private final int clipTokens = Math.max(CLIP_TOKENS_MIN, pictureTokens());
    private final List<MemorySegment> blocks = new ArrayList<>();

    Encoded(BlockCodec codec) {
      this.codec = codec;
      Random random = new Random(1);
      try (KvBlock block = KvBlock.allocate(model.card().shape(), clipTokens)) {
        for (MemorySegment numbers : List.of(block.keys(), block.values())) {
          for (long i = 0; i < numbers.byteSize() / Float.BYTES; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
          }
        }
        for (int i = 0; i < (tokens - RESERVE_TOKENS) / clipTokens; i++) {
          MemorySegment to = arena.allocate(codec.encodedBytes(block.shape(), clipTokens), 8);
          codec.encode(block, to);
          blocks.add(to);
        }
      }
    }

    private int pictureTokens() {
      return model.card().contextTokens() > TOKENS_MAX ? 2 * RESERVE_TOKENS : CLIP_TOKENS_MIN;
    }

    /** Scaled to {@link #tokens}. */
    double serveMillis() {
      List<ContextItem> items = new ArrayList<>();
      try {
        long start = System.nanoTime();
        for (MemorySegment encoded : blocks) {
          KvBlock block = KvBlock.allocate(model.card().shape(), clipTokens);
          items.add(new ContextItem.Block(new ClipLabel(items.size()), block));
          codec.decode(encoded, block);
        }
        long decode = System.nanoTime() - start;
        Prompt prompt = new Prompt(items, List.of(new QuestionPart.Text("now?")), 1);
        Steps.Walked walked = model.walk(prompt, _ -> OptionalLong.empty());
        return (decode + walked.loadNanos()) / 1e6 / walked.contextTokens() * tokens;
      } finally {
        items.forEach(item -> ((ContextItem.Block) item).block().close());
      }
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
