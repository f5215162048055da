package org.onlooker.language.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.onlooker.language.Golden.largestDifference;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.Generation;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.VisualTokens;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.Heard;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;

/** The pack that is shipped: positions are its own to give, and its cache is in place. */
class EmbeddedPackTest {
  private static final Path PACK =
      Path.of(System.getProperty("onlooker.root")).resolve("models").resolve("onlooker-mini");
  private static final int CLIPS = 40;
  private static final int CLIP_TOKENS = 20;

  @Test
  void window_inPlace_equalsDenseAndPackedAndRebasedOnes() {
    try (Decoder decoder = Decoder.load(pack(), ExecutionProvider.CPU, 1)) {
      assertThat(decoder.kind()).isEqualTo(new GraphKind(true, true));
      float[] expected = watch(decoder, 1024, new GraphKind(true, true));
      assertClose(watch(decoder, 1024, new GraphKind(true, false)), expected);
      assertClose(watch(decoder, 1024, new GraphKind(false, true)), expected);
      assertClose(watch(decoder, 90, new GraphKind(true, true)), expected);
    }
  }

  /** Raw keys and values of a stream's last clip. */
  private static float[] watch(Decoder any, int positionLimit, GraphKind kind) {
    Decoder decoder = any.as(kind);
    var bounds = new SlidingWindow.Bounds(kind.positioned(), 1, positionLimit);
    try (Forward forward = new Forward(decoder, 64);
        KvBlock sinks = KvBlock.allocate(decoder.shape(), 1);
        SlidingWindow window = new SlidingWindow(decoder.rope(), forward.cache(), sinks, bounds)) {
      float[] last = {};
      for (int clip = 0; clip < CLIPS; clip++) {
        int position = window.makeRoom(CLIP_TOKENS);
        int row = forward.cache().length();
        forward.run(image(decoder), Optional.of(tokens(decoder, clip)), position);
        KvBlock block =
            forward.cache().read(row, CLIP_TOKENS, decoder.rope().off(position, CLIP_TOKENS));
        window.add(block);
        last = both(block);
      }
      return last;
    }
  }

  private static long[] image(Decoder decoder) {
    long[] ids = new long[CLIP_TOKENS];
    Arrays.fill(ids, decoder.config().imageTokenId());
    return ids;
  }

  private static VisualTokens tokens(Decoder decoder, int seed) {
    return tokens(decoder.config().hiddenSize(), CLIP_TOKENS, 1, seed);
  }

  private static VisualTokens tokens(int width, int count, int frames, int seed) {
    Random random = new Random(seed);
    float[] values = new float[frames * count * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.1f;
    }
    return new VisualTokens(frames, count, width, values);
  }

  private static float[] both(KvBlock block) {
    float[] keys = Replay.floats(block.keys());
    float[] values = Replay.floats(block.values());
    float[] both = Arrays.copyOf(keys, keys.length + values.length);
    System.arraycopy(values, 0, both, keys.length, values.length);
    return both;
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(largestDifference(actual, expected)).isLessThan(2e-4f);
  }

  @Test
  void answer_overStoredBlocks_equalsAnswerOverFreshClips() {
    ModelPack pack = pack();
    int width = pack.decoder().hiddenSize();
    int count = pack.vision().tokensPerFrame();
    List<ContextItem> stored = new ArrayList<>();
    List<ContextItem> fresh = new ArrayList<>();
    List<KvBlock> blocks = new ArrayList<>();
    try (OnnxLanguageModel model = OnnxLanguageModel.load(pack, ExecutionProvider.CPU, 1);
        WatchWindow window = model.openWindow()) {
      for (int clip = 0; clip < model.card().contextClips(); clip++) {
        ClipLabel label = new ClipLabel(100 + clip);
        VisualTokens tokens = tokens(width, count, model.card().framesPerClip(), clip);
        blocks.add(window.prefill(label, tokens));
        stored.add(new ContextItem.Block(label, blocks.getLast()));
        fresh.add(new ContextItem.Fresh(label, tokens));
      }
      assertThat(answer(model, stored)).isEqualTo(answer(model, fresh));
      assertThat(window.caption()).isEqualTo(window.caption());
    } finally {
      blocks.forEach(KvBlock::close);
    }
  }

  private static String answer(OnnxLanguageModel model, List<ContextItem> items) {
    Heard heard = new Heard();
    List<QuestionPart> question = List.of(
        new QuestionPart.Text("What was visible at "),
        new QuestionPart.Moment(new ClipLabel(103)),
        new QuestionPart.Text("?"));
    Generation generation = model.answer(new Prompt(items, question, 24), heard);
    return heard.all() + generation.contextTokens() + generation.answerTokens();
  }

  private static ModelPack pack() {
    assumeTrue(
        Files.isDirectory(PACK.resolve("onnx")), "models/onlooker-mini has no graphs: not run");
    return ModelPack.read(PACK);
  }
}
