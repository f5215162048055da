package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.VisualTokens;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.memory.Fp16BlockCodec;
import org.onlooker.memory.PackedBlockCodec;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;

/** The measure itself, over the embedded pack. */
final class CodecBenchTest {
  private static final Path PACK =
      Path.of(System.getProperty("onlooker.root")).resolve("models").resolve("onlooker-mini");

  @Test
  void follow_coarserCodec_movesTheLogitsFarther() {
    ModelPack pack = ModelPack.read(PACK);
    try (OnnxLanguageModel model = OnnxLanguageModel.load(pack, ExecutionProvider.CPU, 1);
        WatchWindow window = model.openWindow();
        KvBlock block = window.prefill(new ClipLabel(7), tokens(pack))) {
      Prompt prompt = new Prompt(
          List.of(new ContextItem.Block(new ClipLabel(7), block)),
          List.of(new QuestionPart.Text("What do you see?")),
          8);
      Set<Long> ends = pack.decoder().endIds();
      CodecTrial.Reference reference = CodecTrial.reference(model, prompt, ends);
      assertThat(reference.logs()).hasSize(reference.tokens().size() + 1);
      CodecTrial exact = new CodecTrial("fp16", new Fp16BlockCodec());
      CodecTrial coarse = new CodecTrial("own int2", new PackedBlockCodec(2));
      exact.follow(model, prompt, reference);
      coarse.follow(model, prompt, reference);
      assertThat(value(exact, "answers that differ")).isZero();
      assertThat(value(exact, "KL divergence, mean")).isBetween(-1e-6, 1e-4);
      assertThat(value(exact, "rms error")).isLessThan(0.001);
      assertThat(value(coarse, "KL divergence, mean")).isGreaterThan(1e-4);
      assertThat(value(coarse, "rms error")).isGreaterThan(0.05);
    }
  }

  private static double value(CodecTrial trial, String figure) {
    return trial.figures().stream()
        .filter(one -> one.figure().endsWith(figure))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static VisualTokens tokens(ModelPack pack) {
    Random random = new Random(3);
    float[] values = new float[pack.vision().tokensPerFrame() * pack.decoder().hiddenSize()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new VisualTokens(
        1, values.length / pack.decoder().hiddenSize(), pack.decoder().hiddenSize(), values);
  }
}
