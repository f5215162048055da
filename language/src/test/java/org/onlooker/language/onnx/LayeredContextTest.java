package org.onlooker.language.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.InternalRecall;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Layers;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.VisualTokens;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.Heard;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;

/** Contexts in which each layer sees clips of its own, and the queries that choose them. */
final class LayeredContextTest {
  private static final Path PACK =
      Path.of(System.getProperty("onlooker.root")).resolve("models").resolve("onlooker-mini");
  private static final int CLIPS = 40;
  private static final int FOUND = 5;
  private static final List<QuestionPart> QUESTION =
      List.of(new QuestionPart.Text("When did you first see a dog?"));

  private final List<KvBlock> blocks = new ArrayList<>();
  private OnnxLanguageModel model;

  @BeforeEach
  void watch() {
    assumeTrue(
        Files.isDirectory(PACK.resolve("onnx")), "models/onlooker-mini has no graphs: not run");
    ModelPack pack = ModelPack.read(PACK);
    model = OnnxLanguageModel.load(pack, ExecutionProvider.CPU, 1);
    try (WatchWindow window = model.openWindow()) {
      for (int clip = 0; clip < CLIPS; clip++) {
        blocks.add(window.prefill(new ClipLabel(clip), tokens(pack, clip)));
      }
    }
  }

  @AfterEach
  void close() {
    blocks.forEach(KvBlock::close);
    if (model != null) {
      model.close();
    }
  }

  private static VisualTokens tokens(ModelPack pack, int seed) {
    Random random = new Random(seed);
    int width = pack.decoder().hiddenSize();
    float[] values = new float[pack.vision().tokensPerFrame() * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 3;
    }
    return new VisualTokens(1, pack.vision().tokensPerFrame(), width, values);
  }

  @Test
  void context_thatAllLayersSeeInParts_equalsTheSharedOne() {
    Layers low = Layers.NONE;
    Layers high = Layers.NONE;
    for (int layer = 0; layer < model.card().shape().layers(); layer++) {
      low = layer < 2 ? low.with(layer) : low;
      high = layer < 2 ? high : high.with(layer);
    }
    List<ContextItem> shared = new ArrayList<>();
    List<ContextItem> parted = new ArrayList<>();
    for (int clip : new int[] {3, 4, 11, 30}) {
      ClipLabel label = new ClipLabel(clip);
      shared.add(new ContextItem.Block(label, blocks.get(clip)));
      parted.add(new ContextItem.Block(label, blocks.get(clip), low));
      parted.add(new ContextItem.Block(label, blocks.get(clip), high));
    }
    assertThat(answer(parted)).isEqualTo(answer(shared));
    float[][] expected = model.queries(shared, QUESTION).orElseThrow();
    float[][] actual = model.queries(parted, QUESTION).orElseThrow();
    for (int layer = 0; layer < expected.length; layer++) {
      assertThat(actual[layer]).containsExactly(expected[layer], within(1e-4f));
    }
  }

  /** Each layer has as many tokens as the one with the fewest. */
  @Test
  void context_unequalLayers_isCutToTheShortest() {
    int layers = model.card().shape().layers();
    Layers butTheFirst = new Layers(Layers.ALL.bits() & ~1L);
    List<ContextItem> items = List.of(
        new ContextItem.Block(new ClipLabel(1), blocks.get(1)),
        new ContextItem.Block(new ClipLabel(2), blocks.get(2), butTheFirst));
    int clip = blocks.get(1).tokenCount();
    assertThat(layers).isGreaterThan(1);
    assertThat(model.contextTokens(items)).isEqualTo(model.contextTokens(List.of()) + clip);
    assertThat(answer(items)).isEqualTo(answer(items.subList(0, 1)));
  }

  /**
   * The exact form of ReKV lets layer l look for clips with a query that has seen what the layers
   * below it found. Layer 0 needs no pass over what was found, and each pass makes one layer more
   * exact, so that one more pass than there are layers changes nothing.
   */
  @ParameterizedTest
  @EnumSource(InternalRecall.Nearness.class)
  void passes_asManyAsLayers_areTheFixedPoint(InternalRecall.Nearness nearness) {
    int layers = model.card().shape().layers();
    List<Map<Long, Layers>> passes = new ArrayList<>();
    Map<Long, Layers> found = new TreeMap<>();
    for (int pass = 0; pass <= layers; pass++) {
      found = find(found, nearness);
      passes.add(found);
    }
    for (int pass = 0; pass < layers; pass++) {
      for (int layer = 0; layer <= pass; layer++) {
        assertThat(clipsOf(passes.get(pass), layer))
            .as("layer %d after pass %d", layer, pass)
            .hasSize(FOUND)
            .isEqualTo(clipsOf(passes.get(layers), layer));
      }
    }
    assertThat(passes.getFirst()).isNotEqualTo(passes.get(layers));
  }

  private Map<Long, Layers> find(Map<Long, Layers> before, InternalRecall.Nearness nearness) {
    List<ContextItem> context = before.entrySet().stream()
        .<ContextItem>map(clip -> new ContextItem.Block(
            new ClipLabel(clip.getKey().intValue()),
            blocks.get(clip.getKey().intValue()),
            clip.getValue()))
        .toList();
    float[][] queries = model.queries(context, QUESTION).orElseThrow();
    InternalRecall recall = new InternalRecall(queries, nearness, FOUND);
    for (int clip = 0; clip < CLIPS; clip++) {
      recall.add(clip, blocks.get(clip).keyMeans());
    }
    return recall.found();
  }

  private static List<Long> clipsOf(Map<Long, Layers> found, int layer) {
    return found.entrySet().stream()
        .filter(clip -> clip.getValue().has(layer))
        .map(Map.Entry::getKey)
        .toList();
  }

  private String answer(List<ContextItem> items) {
    Heard heard = new Heard();
    var generation = model.answer(new Prompt(items, QUESTION, 24), heard);
    return heard.all() + generation.contextTokens() + generation.answerTokens();
  }
}
