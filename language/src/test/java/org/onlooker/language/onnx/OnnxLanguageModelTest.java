package org.onlooker.language.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.Generation;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.VisualTokens;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.Golden;
import org.onlooker.language.Heard;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.PackTokenizer;

class OnnxLanguageModelTest {
  private static final int WIDTH = 64;
  private static final int TOKENS_PER_FRAME = 4;
  private static final int ANSWER_TOKENS = 16;

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-smolvlm", "tiny-smolvlm-gqa", "tiny-idefics3-fp16kv"})
  void answer_overStoredBlocks_equalsAnswerOverFreshClips(String pack) {
    try (OnnxLanguageModel model = load(Golden.pack(pack));
        Watched watched = new Watched(model, 5)) {
      assertThat(answer(model, watched.blocks())).isEqualTo(answer(model, watched.fresh()));
      assertThat(answer(model, watched.blocks())).isNotEqualTo(answer(model, List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-smolvlm", "tiny-smolvlm-gqa", "tiny-idefics3-fp16kv"})
  void perplexity_inOnePass_isThatOfOneTokenAfterTheOther(String name) {
    Path pack = Golden.pack(name);
    String said = "a red ball and a dog";
    try (OnnxLanguageModel model = load(pack);
        PackTokenizer tokenizer = PackTokenizer.open(ModelPack.read(pack));
        Watched watched = new Watched(model, 3)) {
      long[] words = tokenizer.encode(said);
      long end = Collections.min(ModelPack.read(pack).decoder().endIds());
      Prompt prompt = new Prompt(
          watched.blocks(), List.of(new QuestionPart.Text("What do you see?")), words.length + 1);
      List<Double> surprises = new ArrayList<>();
      model.walk(prompt, logits -> {
        int step = surprises.size();
        long next = step < words.length ? words[step] : end;
        surprises.add(-logShare(logits, (int) next));
        return step < words.length ? OptionalLong.of(next) : OptionalLong.empty();
      });
      double mean = surprises.stream().mapToDouble(x -> x).average().orElseThrow();
      assertThat(surprises).hasSize(words.length + 1);
      assertThat(Math.log(model.perplexity(watched.blocks(), said))).isCloseTo(mean, within(2e-2));
      assertThat(model.perplexity(watched.blocks(), "blue"))
          .isNotCloseTo(model.perplexity(watched.blocks(), said), within(1e-3));
    }
  }

  private static double logShare(float[] logits, int token) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return logits[token] - Math.log(sum);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-smolvlm", "tiny-smolvlm-gqa"})
  void answers_whileWatching_equalThoseAlone(String pack) throws Exception {
    try (OnnxLanguageModel model = load(Golden.pack(pack));
        Watched watched = new Watched(model, 12);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      String alone = answer(model, watched.blocks());
      List<Future<String>> answers = new ArrayList<>();
      Future<List<Float>> watching = threads.submit(() -> fingerprints(model, 12));
      for (int i = 0; i < 6; i++) {
        answers.add(threads.submit(() -> answer(model, watched.blocks())));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo(alone);
      }
      assertThat(watching.get()).isEqualTo(fingerprints(model, 12));
    }
  }

  @Test
  void bothKindsOfGraph_overHundredsOfClips_giveTheSameBlocks() {
    try (OnnxLanguageModel positioned = load(Golden.pack("tiny-smolvlm"));
        OnnxLanguageModel packed = load(Golden.pack("tiny-smolvlm-gqa"));
        WatchWindow first = positioned.openWindow();
        WatchWindow second = packed.openWindow()) {
      for (int clip = 0; clip < 300; clip++) {
        boolean sameWindow = clip <= positioned.card().windowClips();
        try (KvBlock a = first.prefill(new ClipLabel(clip), tokens(clip, 1));
            KvBlock b = second.prefill(new ClipLabel(clip), tokens(clip, 1))) {
          // The packed window lets half of its clips leave at a time: layer 0 alone sees no past.
          int layers = sameWindow ? a.shape().layers() : 1;
          int floats = layers * a.shape().kvHeads() * a.tokenCount() * a.shape().headDim();
          for (int i = 0; i < floats; i++) {
            float expected = a.keys().getAtIndex(ValueLayout.JAVA_FLOAT, i);
            assertThat(b.keys().getAtIndex(ValueLayout.JAVA_FLOAT, i))
                .isCloseTo(expected, within(1e-3f));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-smolvlm", "tiny-smolvlm-gqa"})
  void clipsPrefilledTogether_haveTheBlocksOfOneAfterTheOther(String pack) {
    try (OnnxLanguageModel model = load(Golden.pack(pack));
        WatchWindow together = model.openWindow()) {
      int clips = 3 * model.card().windowClips();
      List<Float> alone = fingerprints(model, clips);
      List<ContextItem.Fresh> rest = IntStream.range(1, clips)
          .mapToObj(clip -> new ContextItem.Fresh(new ClipLabel(clip), tokens(clip, 1)))
          .toList();
      assertThat(fingerprint(together, 0)).isCloseTo(alone.getFirst(), within(1e-3f));
      List<KvBlock> blocks = together.prefill(rest);
      for (int clip = 1; clip < clips; clip++) {
        try (KvBlock block = blocks.get(clip - 1)) {
          assertThat(sum(block)).as("clip %d", clip).isCloseTo(alone.get(clip), within(1e-2f));
        }
      }
      assertThat(blocks).hasSize(clips - 1);
    }
  }

  @Test
  void window_afterRestart_hasForgottenItsClips() {
    try (OnnxLanguageModel model = load(Golden.pack("tiny-smolvlm"));
        WatchWindow window = model.openWindow();
        WatchWindow fresh = model.openWindow()) {
      for (int clip = 0; clip < 4; clip++) {
        window.prefill(new ClipLabel(clip), tokens(clip, 1)).close();
      }
      window.restart();
      assertThat(fingerprint(window, 7)).isCloseTo(fingerprint(fresh, 7), within(1e-3f));
    }
  }

  @Test
  void window_givenALongerClip_keepsWhatItSaw() {
    try (OnnxLanguageModel model = load(Golden.pack("tiny-smolvlm"));
        WatchWindow window = model.openWindow();
        WatchWindow roomy = model.openWindow()) {
      roomy.prefill(new ClipLabel(0), tokens(99, 3)).close();
      roomy.restart();
      for (int clip = 0; clip < 12; clip++) {
        int frames = clip % 5 == 4 ? 3 : 1;
        VisualTokens tokens = tokens(clip, frames);
        try (KvBlock a = window.prefill(new ClipLabel(clip), tokens);
            KvBlock b = roomy.prefill(new ClipLabel(clip), tokens)) {
          assertThat(sum(a)).isCloseTo(sum(b), within(1e-2f));
        }
      }
    }
  }

  @Test
  void prompt_longerThanTheModelsPositions_isRefused() {
    try (OnnxLanguageModel model = load(Golden.pack("tiny-smolvlm"));
        Watched watched = new Watched(model, 1)) {
      List<ContextItem> many = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        many.addAll(watched.blocks());
      }
      Prompt prompt = new Prompt(many, question(), ANSWER_TOKENS);
      assertThat(model.tokenCost(prompt)).isGreaterThan(model.card().contextTokens());
      assertThatThrownBy(() -> model.answer(prompt, new Heard()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("2048");
    }
  }

  @Test
  void block_ofAnotherShape_isRefused() {
    try (OnnxLanguageModel model = load(Golden.pack("tiny-smolvlm"));
        KvBlock other = KvBlock.allocate(new KvShape(2, 2, 16), 5)) {
      List<ContextItem> items = List.of(new ContextItem.Block(new ClipLabel(0), other));
      assertThatThrownBy(() -> answer(model, items))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("made by another model");
    }
  }

  @Test
  void generation_cancelled_stopsBeforeTheNextToken() {
    try (OnnxLanguageModel model = load(Golden.pack("tiny-smolvlm"))) {
      Prompt prompt = new Prompt(List.of(), question(), ANSWER_TOKENS);
      Generation cancelled = model.answer(prompt, new Heard(3));
      assertThat(cancelled.end()).isEqualTo(Generation.End.CANCELLED);
      assertThat(cancelled.answerTokens()).isEqualTo(3);
      Generation whole = model.answer(prompt, new Heard());
      assertThat(whole.answerTokens()).isLessThanOrEqualTo(ANSWER_TOKENS);
      assertThat(whole.firstTokenNanos()).isPositive();
      assertThat(whole.contextTokens()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-smolvlm", "tiny-smolvlm-gqa"})
  void earlierTurns_arePrefilledBeforeTheQuestion(String pack) {
    try (OnnxLanguageModel model = load(Golden.pack(pack))) {
      List<QuestionPart> answer = List.of(new QuestionPart.Text("A red square."));
      Prompt alone = new Prompt(List.of(), question(), ANSWER_TOKENS);
      Prompt follow = new Prompt(
          List.of(), List.of(new Prompt.Exchange(question(), answer)), question(), ANSWER_TOKENS);
      Heard first = new Heard();
      Heard second = new Heard();
      int without = model.answer(alone, first).questionTokens();
      int with = model.answer(follow, second).questionTokens();

      assertThat(with).isGreaterThan(without);
      assertThat(model.tokenCost(follow) - model.tokenCost(alone)).isEqualTo(with - without);
      assertThat(second.all()).isNotEqualTo(first.all());
    }
  }

  @Test
  void earlierTurns_withoutRoomInTheModel_areLeftOut() {
    try (OnnxLanguageModel model = load(Golden.pack("tiny-smolvlm"))) {
      Prompt alone = new Prompt(List.of(), question(), ANSWER_TOKENS);
      int room = model.card().contextTokens() - model.tokenCost(alone);
      Prompt.Exchange turn = new Prompt.Exchange(question(), question());
      Prompt full = new Prompt(List.of(), List.of(turn), question(), ANSWER_TOKENS + room);

      assertThat(model.tokenCost(full)).isEqualTo(model.card().contextTokens());
    }
  }

  @Test
  void packWithLabels_captionsAndSpeaksInMoments() throws Exception {
    Path pack = TinyPacks.labelled(folder);
    try (OnnxLanguageModel model = load(pack);
        WatchWindow window = model.openWindow()) {
      assertThat(window.caption()).isEmpty();
      window.prefill(new ClipLabel(61), tokens(1, 2)).close();
      String first = window.caption();
      assertThat(first).isNotBlank().isEqualTo(window.caption());
      assertThat(model.card().name()).isEqualTo("tiny-labelled");
      assertThat(model.card().windowClips()).isEqualTo(1);
      float before = fingerprint(window, 5);
      try (WatchWindow silent = model.openWindow()) {
        silent.prefill(new ClipLabel(61), tokens(1, 2)).close();
        assertThat(before).isEqualTo(fingerprint(silent, 5));
      }
    }
  }

  private static OnnxLanguageModel load(Path pack) {
    return OnnxLanguageModel.load(ModelPack.read(pack), ExecutionProvider.CPU, 1);
  }

  /** Visual tokens that depend on {@code seed} alone. */
  private static VisualTokens tokens(int seed, int frames) {
    Random random = new Random(seed);
    float[] values = new float[frames * TOKENS_PER_FRAME * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.3f;
    }
    return new VisualTokens(frames, TOKENS_PER_FRAME, WIDTH, values);
  }

  private static List<QuestionPart> question() {
    return List.of(
        new QuestionPart.Text("What did you see at "),
        new QuestionPart.Moment(new ClipLabel(2)),
        new QuestionPart.Text("?"));
  }

  private static String answer(OnnxLanguageModel model, List<ContextItem> items) {
    Heard heard = new Heard();
    Generation generation = model.answer(new Prompt(items, question(), ANSWER_TOKENS), heard);
    return heard.all() + generation.answerTokens();
  }

  private static List<Float> fingerprints(OnnxLanguageModel model, int clips) {
    List<Float> sums = new ArrayList<>();
    try (WatchWindow window = model.openWindow()) {
      for (int clip = 0; clip < clips; clip++) {
        sums.add(fingerprint(window, clip));
      }
    }
    return sums;
  }

  private static float fingerprint(WatchWindow window, int clip) {
    try (KvBlock block = window.prefill(new ClipLabel(clip), tokens(clip, 1))) {
      return sum(block);
    }
  }

  private static float sum(KvBlock block) {
    float sum = 0;
    for (long i = 0; i < block.keys().byteSize() / Float.BYTES; i++) {
      sum += block.keys().getAtIndex(ValueLayout.JAVA_FLOAT, i)
          + block.values().getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return sum;
  }

  /** Clips of one stream, as blocks and as tokens. */
  private static final class Watched implements AutoCloseable {
    private final List<KvBlock> blocks = new ArrayList<>();

    Watched(OnnxLanguageModel model, int clips) {
      try (WatchWindow window = model.openWindow()) {
        for (int clip = 0; clip < clips; clip++) {
          blocks.add(window.prefill(new ClipLabel(clip), tokens(clip, 1)));
        }
      }
    }

    List<ContextItem> blocks() {
      List<ContextItem> items = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        items.add(new ContextItem.Block(new ClipLabel(i), blocks.get(i)));
      }
      return items;
    }

    List<ContextItem> fresh() {
      List<ContextItem> items = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        items.add(new ContextItem.Fresh(new ClipLabel(i), tokens(i, 1)));
      }
      return items;
    }

    @Override
    public void close() {
      blocks.forEach(KvBlock::close);
    }
  }
}
