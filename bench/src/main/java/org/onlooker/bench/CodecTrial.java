package org.onlooker.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.onlooker.core.ContextItem;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Prompt;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.memory.BlockCodec;

/** What one codec does to the answers over served contexts, and to keys and values. */
final class CodecTrial {
  /** The form that the goals are about. */
  static final String SMALL_FORM = "int4";

  private static final double DIFFERING_MAX = 0.01;
  private static final double GONE = 0.99;

  private final String name;
  private final BlockCodec codec;
  private final List<Double> divergences = new ArrayList<>();
  private int answers;
  private int differing;
  private double error;
  private double energy;

  CodecTrial(String name, BlockCodec codec) {
    this.name = name;
    this.codec = codec;
  }

  /** An answer of fp16 blocks: before each token and after the last what was likely to come. */
  record Reference(List<Long> tokens, List<float[]> logs) {}

  /** Decodes greedily over {@code prompt}. */
  static Reference reference(OnnxLanguageModel model, Prompt prompt, Set<Long> ends) {
    List<Long> tokens = new ArrayList<>();
    List<float[]> logs = new ArrayList<>();
    model.walk(prompt, logits -> {
      logs.add(logSoftmax(logits));
      long likeliest = likeliest(logits);
      if (ends.contains(likeliest) || tokens.size() == prompt.maxTokens()) {
        return OptionalLong.empty();
      }
      tokens.add(likeliest);
      return OptionalLong.of(likeliest);
    });
    return new Reference(tokens, logs);
  }

  /** Goes through the same answer over the same context, its blocks in this codec. */
  void follow(OnnxLanguageModel model, Prompt prompt, Reference reference) {
    List<ContextItem> recoded = new ArrayList<>();
    try {
      prompt.context().forEach(item -> recoded.add(recoded(item)));
      Follower follower = new Follower(reference);
      model.walk(
          new Prompt(recoded, prompt.dialogue(), prompt.question(), prompt.maxTokens()),
          follower::next);
      answers++;
      differing += follower.differs ? 1 : 0;
    } finally {
      recoded.forEach(item -> {
        if (item instanceof ContextItem.Block block) {
          block.block().close();
        }
      });
    }
  }

  /** Compares step by step. */
  private final class Follower {
    private final Reference reference;
    private int step;
    private boolean differs;

    Follower(Reference reference) {
      this.reference = reference;
    }

    OptionalLong next(float[] logits) {
      float[] truth = reference.logs().get(step);
      float[] logs = logSoftmax(logits);
      divergences.add(divergence(truth, logs));
      differs |= likeliest(truth) != likeliest(logs);
      step++;
      return step <= reference.tokens().size()
          ? OptionalLong.of(reference.tokens().get(step - 1))
          : OptionalLong.empty();
    }
  }

  private ContextItem recoded(ContextItem item) {
    if (!(item instanceof ContextItem.Block served)) {
      return item;
    }
    KvBlock block = served.block();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment encoded =
          arena.allocate(codec.encodedBytes(block.shape(), block.tokenCount()), Long.BYTES);
      codec.encode(block, encoded);
      KvBlock decoded = KvBlock.allocate(block.shape(), block.tokenCount());
      codec.decode(encoded, decoded);
      addError(block.keys(), decoded.keys());
      addError(block.values(), decoded.values());
      return new ContextItem.Block(served.label(), decoded);
    }
  }

  private void addError(MemorySegment truth, MemorySegment decoded) {
    for (long i = 0; i < truth.byteSize() / Float.BYTES; i++) {
      double number = truth.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      double wrong = decoded.getAtIndex(ValueLayout.JAVA_FLOAT, i) - number;
      error += wrong * wrong;
      energy += number * number;
    }
  }

  private static float[] logSoftmax(float[] logits) {
    double largest = logits[likeliest(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    float[] logs = new float[logits.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) (logits[i] - largest - Math.log(sum));
    }
    return logs;
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  /** KL divergence in nats. */
  private static double divergence(float[] truth, float[] logs) {
    double sum = 0;
    for (int i = 0; i < truth.length; i++) {
      sum += Math.exp(truth[i]) * (truth[i] - logs[i]);
    }
    return sum;
  }

  List<Figure> figures() {
    double[] sorted = divergences.stream().mapToDouble(d -> d).sorted().toArray();
    double mean = Arrays.stream(sorted).average().orElse(0);
    double late = sorted.length == 0 ? 0 : sorted[(int) (GONE * (sorted.length - 1))];
    double share = (double) differing / Math.max(1, answers);
    Optional<Double> goal = name.equals(SMALL_FORM) ? Optional.of(DIFFERING_MAX) : Optional.empty();
    return List.of(
        new Figure(
            CodecBench.NAME,
            name + ", answers that differ",
            differing,
            "",
            "answers of fp16",
            answers,
            share,
            goal),
        aside("KL divergence, mean", mean, "nats"),
        aside("KL divergence, p99", late, "nats"),
        aside("rms error", Math.sqrt(error / energy), "of rms"));
  }

  private Figure aside(String what, double value, String unit) {
    return new Figure(
        CodecBench.NAME, name + ", " + what, value, unit, "fp16", 0, value, Optional.empty());
  }
}
